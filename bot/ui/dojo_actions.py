"""What can be clicked, chosen from and sent about dojos and their settings."""

from __future__ import annotations
