"""Gatherings in the database."""
