"""The rules of a dojo."""
