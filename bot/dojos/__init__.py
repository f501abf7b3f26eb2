"""Dojos: channels in which a community practises, with their settings and own content."""
