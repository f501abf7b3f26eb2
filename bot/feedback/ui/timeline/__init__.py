"""The picture of a round: what was noted when."""
