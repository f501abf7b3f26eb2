"""Exporting, forgetting, and how long things are kept."""
