"""The pad and the notes that are made on it."""
