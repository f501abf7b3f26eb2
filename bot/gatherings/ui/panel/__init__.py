"""The panel of facilitators."""
