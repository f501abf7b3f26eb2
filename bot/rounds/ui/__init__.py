"""Rounds in Discord."""
