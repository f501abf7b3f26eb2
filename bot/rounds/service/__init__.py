"""What can be done with a round."""
