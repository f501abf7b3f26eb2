"""The clock, and deadlines."""
