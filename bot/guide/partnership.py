"""`/partnership`: what the founding article says about partnership, on one card."""

from __future__ import annotations

from bot.guide.actions import ASK_NOW, PARTNERSHIP, SIGNALS_NOW
from bot.kit.discord.answers import reply
from bot.kit.discord.cards import card, line, row
from bot.kit.discord.interactions import Interaction, View

ACCENT = 0x8A6F5C
ARTICLE = "https://coachingoutsidethebox.net/what-does-partnership-mean-in-coaching"


def partnership_card() -> View:
    """What partnership means here, with ways to a question and to the signals."""
    return card(
        "## What partnership means here",
        f"-# After [What does partnership mean in coaching?]({ARTICLE}) by Lucia Baldelli, in our"
        " own words. There is no affiliation.",
        "💃 **Like a dance.** Think of tango: the client chooses the next step, the coach answers"
        " it, and it looks like one movement. Here it is the client who leads.",
        "🧩 **Made together.** Coach and client make the conversation together. It is good when the"
        " *client* learns from it and can move forward. In a dojo the coach learns too, but never"
        " at the client’s cost.",
        "🔎 **Their meaning.** Nobody else sees the client’s world as the client does. The coach"
        " helps them to be clear about what they think, need and want, and to make their own sense"
        " of it.",
        "🤲 **Trust.** We trust clients to solve what is theirs to solve, and to use what they"
        " found after the session.",
        line(),
        "**How you can tell**\n"
        "🌱 **Start:** the client helps decide how you work, and what matters.\n"
        "🧭 **Check-in:** you ask how they are doing with what they wanted from today.\n"
        "💡 **Meaning:** they put the pieces together.\n"
        "👣 **Action:** the plan, the support and the obstacles are theirs to name.\n"
        "🌙 **Close:** they say what they learned, what is missing, and when to stop.",
        row(ASK_NOW.button(), SIGNALS_NOW.button()),
        accent=ACCENT,
    )


@PARTNERSHIP.pressed
async def show_partnership(interaction: Interaction) -> None:
    """Show the card to the person who pressed, beside whatever they pressed it on."""
    await reply(interaction, partnership_card())
