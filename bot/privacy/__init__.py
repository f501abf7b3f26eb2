"""What a person can have exported and erased, and when things are erased by themselves."""
