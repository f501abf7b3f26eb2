"""Slash commands: read the input, call, show. Rules live in `bot.domain`, words in `bot.ui`."""
