"""Notes, sheets and feedback in the database."""
