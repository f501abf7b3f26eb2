"""What happens to each click, choice and form before its handler acts on it."""
