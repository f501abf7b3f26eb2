"""Rounds in the database."""
