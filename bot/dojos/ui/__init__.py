"""Dojos in Discord: settings, privacy, checks, content files."""
