"""What every feature uses, and what knows no feature."""
