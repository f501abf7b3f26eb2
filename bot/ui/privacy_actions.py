"""What can be clicked, chosen from and sent about a person's own data."""

from __future__ import annotations
