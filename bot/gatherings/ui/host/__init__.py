"""The rooms of a gathering, and moving people between them."""
