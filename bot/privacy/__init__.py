"""What a person can export and erase, and what is erased automatically."""
