"""Tests drive the bot as people do: a simulated Discord, real SQLite files, a clock we move."""
