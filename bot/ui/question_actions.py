"""What can be clicked, chosen from and sent about questions."""

from __future__ import annotations
