"""What is to be erased, in the database."""
