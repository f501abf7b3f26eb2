"""What can be done with a gathering."""
