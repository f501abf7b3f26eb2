"""The pad, and the notes taken on it."""
