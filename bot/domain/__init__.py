"""The rules of a coaching dojo. Standard library only: no Discord, no clock, no files, no async."""
