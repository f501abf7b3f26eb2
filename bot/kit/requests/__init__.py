"""Requests to Discord: how often to make them, and what their answers mean."""
