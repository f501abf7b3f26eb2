"""What can be clicked, chosen from and sent about evenings."""

from __future__ import annotations

from bot.ui.careful import Words

# Words that may name a person

CHECK_OUT_WORDS = Words("checkout:{gathering_id}:{useful:0|1|2|3|4|5|6|7|8|9|10}")

# Joining, wishes and checking out


# The plan and the groups


# The panel


# The record and the dry run
