"""Questions, signals, formats and phases in the form the bot uses."""
