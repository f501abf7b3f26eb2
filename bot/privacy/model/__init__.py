"""The rules of data rights, without Discord and without a disk."""
