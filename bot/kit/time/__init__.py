"""What time it is, and what happens at a time."""
