"""Dojos in the database."""
