"""`/help` and `/about`: short, fitting the person who asks, and leading to the next step."""

from __future__ import annotations

from collections.abc import Callable

from bot import __version__
from bot.dojos.actions import OPEN_SETUP
from bot.dojos.ui.places import dojo_channel, dojo_channels
from bot.guide.actions import ASK_NOW, PARTNERSHIP
from bot.guide.partnership import ARTICLE
from bot.kit.discord.cards import card, row
from bot.kit.discord.interactions import Interaction, View, bot_is_here, client_of
from bot.kit.discord.text import joined
from bot.questions.ui.cards import ask_for_phase
from bot.questions.ui.place import place_of

ACCENT = 0x5865A6


async def help_card(interaction: Interaction) -> View:
    """What this person can do here, and what to do first."""
    place = await place_of(interaction)
    command = client_of(interaction).mention_command
    channels = dojo_channels(interaction) if bot_is_here(interaction) else []
    facilitates = (
        dojo_channel(interaction) in place.person.managed
        if place.dojo is None
        else place.dojo.is_facilitator(place.person)
    )
    parts = ["## Practising together"]
    buttons = [PARTNERSHIP.button(), ASK_NOW.button()]
    if not bot_is_here(interaction):
        parts.append("Ask me here for a partnering question; only you see my answers.")
    elif place.dojo is not None and not place.dojo.may_ask(place.person):
        parts.append("This channel is a dojo in which facilitators ask for the questions.")
        buttons = [PARTNERSHIP.button()]
    elif place.dojo is not None:
        parts.append("This channel is a dojo: what you ask for here, everyone can use.")
    elif channels:
        parts.append(f"The dojos of this server: {joined(channels)}.")
    elif facilitates:
        parts.append(
            "There is no dojo on this server yet. Make this channel one: a form, and it is done."
        )
        buttons = [PARTNERSHIP.button(), OPEN_SETUP.button(label="Set up this channel")]
    else:
        parts.append(
            "There is no dojo on this server yet. Someone who manages channels can make one with"
            " `/dojo setup`. Until then I answer you privately."
        )
    parts.append(
        f"- {command('question')} one partnering question for where the conversation is;"
        " it is yours to change or to leave\n"
        f"- {command('partnership')} what partnership means in coaching, on one card\n"
        f"- {command('signals')} what observers look and listen for\n"
        + (_about_rounds(command) if bot_is_here(interaction) else "")
        + f"- {command('my export')} and {command('my forget')} what I have stored about you\n"
        f"- {command('about')} what I am, and privacy"
    )
    if facilitates and bot_is_here(interaction):
        parts.append(
            "**For facilitators**\n"
            f"- {command('dojo setup')} and {command('dojo settings')} make a channel a dojo,"
            " change it\n"
            f"- {command('dojo check')} which permissions are missing, and what for;"
            f" {command('dojo status')} how I am doing\n"
            f"- {command('dojo open')} an evening: people join, I propose fair groups, all rounds"
            " run on one clock, and you have one panel for all rooms\n"
            f"- {command('dojo record')} who is owed a turn as coach; {command('dojo rehearse')} an"
            " evening on paper, without touching anyone\n"
            f"- {command('dojo content export')} and {command('dojo content import')} your own"
            " questions, signals and formats"
        )
    return card(*parts, row(*buttons), accent=ACCENT)


def _about_rounds(command: Callable[[str], str]) -> str:
    return (
        f"- {command('round start')} a timed practice round: who coaches, who is the client, who"
        " observes; I ask everybody, keep the time and say what comes next\n"
        f"- {command('my asking')} who may ask you into rounds\n"
        f"- {command('round now')} where the round of a room stands, and what is yours to do\n"
        f"- {command('observe')} your pad as an observer; {command('feedback')} what others noted"
        " of your coaching, for you alone; as a client, your answers, and erasing the round\n"
    )


def about_card(interaction: Interaction) -> View:
    """What the bot is, whose ideas it stands on, and what it stores."""
    command = client_of(interaction).mention_command
    return card(
        "## dojo-bot",
        "For adults who practise coaching together: one coaches for real, one is the client, the"
        " others observe. I give partnering questions when asked, keep the time of practice rounds,"
        " and otherwise keep out of the way.",
        "**Credit** The questions and signals are our own words after the article"
        f" [What does partnership mean in coaching?]({ARTICLE}) by Lucia Baldelli (Coaching"
        " Outside the Box, 2022). There is no affiliation. Numbers of PCC Markers only say what"
        " something is related to; this is practice, not assessment or mentor coaching.",
        "**Privacy** I read no messages and I do not store who asks for questions. I keep the"
        " settings of dojos and who made them, of each round who had which role and how long there"
        " was coaching, who was at which gathering, what they wished for it and said at its end,"
        " what the client said in three answers, who asked to talk, and what observers noted of the"
        " coach, for the coach alone: words for 30 days, codes for 12 months, names"
        " for 24 months, unless the dojo chose otherwise. There is no field for what a client says;"
        " a coach’s words can repeat it. If you leave a server, I erase you there 30 days later."
        f" {command('my export')} gives you all that is stored about you, {command('my forget')}"
        " erases it.",
        f"-# Version {__version__}",
        accent=ACCENT,
    )


@ASK_NOW.pressed
async def ask_now(interaction: Interaction) -> None:
    """Show the phases; what is chosen from here stays private."""
    await ask_for_phase(interaction, await place_of(interaction), private=True)
