"""The rules of a round: its clock, its moves and its people."""
