"""Data rights in Discord."""
