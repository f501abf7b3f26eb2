"""What can be done with a dojo."""
