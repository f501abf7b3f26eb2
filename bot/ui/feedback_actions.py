"""What can be clicked, chosen from and sent about notes, sheets and feedback."""

from __future__ import annotations

# The pad and its notes


# Words that may name a person


# Sheets and the client's view


# Feedback


# Reports and talks
