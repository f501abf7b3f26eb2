"""Rounds: one timed practice of one group."""
