"""The README's pictures and the program that makes them."""
