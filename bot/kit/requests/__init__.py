"""What is asked of Discord, how often, and what to make of its answers."""
