"""Forming groups: who practises with whom, and in which role."""
