"""The rules of a gathering."""
