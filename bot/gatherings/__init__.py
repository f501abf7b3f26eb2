"""Gatherings: one evening of a dojo, with groups, rooms and rounds."""
