"""Asking people into a round, and letting people in who come late."""
