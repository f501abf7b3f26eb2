"""Partnering questions on request."""
