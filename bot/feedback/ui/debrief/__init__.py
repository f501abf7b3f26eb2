"""The feedback that a coach opens."""
