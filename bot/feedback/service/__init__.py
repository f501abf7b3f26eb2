"""What can be done with notes, sheets and feedback."""
