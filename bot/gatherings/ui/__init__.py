"""Gatherings in Discord."""
