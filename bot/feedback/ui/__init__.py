"""Feedback in Discord."""
