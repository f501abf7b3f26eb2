"""What can be clicked, chosen from and sent about the guide."""

from __future__ import annotations
