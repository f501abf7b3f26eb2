"""Slash commands: read the input, call, show. Rules and words are in the features of `bot`."""
