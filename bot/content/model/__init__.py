"""Questions, signals, formats and phases as they are used."""
