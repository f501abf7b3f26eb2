"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

# Joining, wishes and checking out


# The plan and the groups


# The panel


# The record and the dry run
