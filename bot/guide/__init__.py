"""Help, credit, signals, and how the bot is doing."""
