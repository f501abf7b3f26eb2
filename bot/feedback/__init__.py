"""Feedback: what observers note, and what the coach, the client and the room see of it."""
