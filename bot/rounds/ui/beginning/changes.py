"""What the person who started a round does with it before it begins: begin, change, call off."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from bot.content.model.formats import Format, minutes
from bot.content.model.refusals import FormatUnknown
from bot.kit.discord.actions import Handler, option, row_of
from bot.kit.discord.answers import defer, is_private, redraw, reply
from bot.kit.discord.cards import Component, card, row
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import cut, joined, plural, safe, span
from bot.kit.refusals import DojoError
from bot.rounds.actions import BEGIN, BEGIN_WITH_FEWER, CALL_OFF, CHANGE, CHANGE_FORMAT
from bot.rounds.model.round import Agreement, RoomKind, Round
from bot.rounds.model.rules import lacks_people, people_needed
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.proposing import RoundProposing, all_can_be_named
from bot.rounds.ui.shared import content_of, mention
from bot.rounds.ui.words import how_far


def format_label(format_: Format) -> str:
    """A format as one line of a list: `Classic triad · 30 min · 3–4 people`."""
    people = span(format_.fewest, format_.most)
    return f"{format_.name} · {minutes(format_.total)} min · {people} people"


def format_line(format_: Format) -> str:
    """`**Classic triad** · 30 min, 18 of them coaching`."""
    return (
        f"**{safe(format_.name)}** · {minutes(format_.total)} min,"
        f" {minutes(format_.coaching)} of them coaching"
    )


def host_card(interaction: Interaction, round_: Round) -> View:
    """How a round stands, for the person who started it and has no seat in it."""
    services, here = services_of(interaction), client_of(interaction).mention_command
    if round_.has_begun:
        is_hidden = round_.room is RoomKind.PRIVATE_THREAD
        where = "Its room belongs to its people." if is_hidden else f"Its room: <#{round_.room_id}>"
        how_it_is = how_far(round_, services[LiveRounds].now())
        return card(f"▶️ The round that you started has begun. {how_it_is}", where)
    asked = joined(mention(seat.user_id) for seat in round_.here)
    answered = sum(seat.agreement is not Agreement.OPEN for seat in round_.here)
    return card(
        f"🤝 You have asked {asked} into **{safe(round_.format.name)}**."
        f" {answered} of {len(round_.here)} have answered. The round begins when all have, or when"
        " you press **Begin now**.",
        row_of(BEGIN, CHANGE, round_id=round_.id),
        f"-# {here('round now')} shows how it stands.",
    )


def _before_it_begins(handler: Handler) -> Handler:
    """A handler of what is only done before the clock runs.

    A private card from which it is pressed later says how the round stands.
    """

    @functools.wraps(handler)
    async def act(
        interaction: Interaction, *given: object, round_id: int, **fields: object
    ) -> None:
        try:
            await handler(interaction, *given, round_id=round_id, **fields)
        except DojoError as error:
            round_ = services_of(interaction)[LiveRounds].find(round_id)
            is_over = round_ is None or not round_.is_open
            if not is_private(interaction) or not (is_over or (round_ and round_.has_begun)):
                raise
            if round_ is not None and not is_over and round_.is_host(interaction.user.id):
                await redraw(interaction, host_card(interaction, round_))
                return
            await redraw(interaction, card(explain(error, client_of(interaction).mention_command)))

    return act


@BEGIN.pressed
@_before_it_begins
async def begin(interaction: Interaction, round_id: int) -> None:
    """Start the clock, for the person who started the round and for facilitators."""
    await defer(interaction)
    await services_of(interaction)[RoundProposing].begin(round_id, person_of(interaction))
    if is_private(interaction):
        await redraw(interaction, card("▶️ The round has begun."))


def fewer_text(round_: Round) -> str:
    """How many people are still needed; once all have agreed, what the starter can do."""
    more = people_needed(round_)
    if not more:
        return ""
    people, format_ = len(round_.here), round_.format
    how = f"{more} more can press **Join as observer**"
    if round_.room is RoomKind.PRIVATE_THREAD:
        how = f"it needs {more} more, or **Change…** takes another format"
    if not lacks_people(round_):
        return (
            f"👥 **{people} of at least {format_.fewest} people:** {how}. It begins when as many"
            " have agreed."
        )
    starter = round_.starter_user_id
    # The mention lets the card call them.
    who = f"{mention(starter)}: all" if starter else "All"
    suits = f"{safe(format_.name)} is for {span(format_.fewest, format_.most)} people"
    taken = f"the nearest format for {people} is taken"
    asks = f"**{who} others have agreed. Begin with {people}?**"
    return f"{asks} {suits}; {taken}. Or {how}: then it begins once they have agreed."


@BEGIN_WITH_FEWER.pressed
@_before_it_begins
async def begin_with_fewer(interaction: Interaction, round_id: int) -> None:
    """Begin with the nearest format, for the person who started it and for facilitators."""
    await defer(interaction)
    proposing = services_of(interaction)[RoundProposing]
    round_ = await proposing.begin_with_fewer(round_id, person_of(interaction))
    if round_.has_begun:
        return
    format_ = round_.format
    text = (
        f"📋 **{safe(format_.name)}** takes {minutes(format_.total)} min, longer than agreed, so"
        " the others are asked again. It begins once they have agreed."
    )
    await reply(interaction, card(text))


@CHANGE.pressed
@_before_it_begins
async def show_changes(interaction: Interaction, round_id: int) -> None:
    """Answer with what can be changed, for the person who started the round."""
    services = services_of(interaction)
    round_ = services[LiveRounds].get(round_id)
    services[RoundAccess].check_may_start(round_, person_of(interaction))
    content = await content_of(interaction, round_)
    people = len(round_.here)
    # To a private thread others cannot come by themselves.
    is_closed = round_.room is RoomKind.PRIVATE_THREAD
    fitting = [
        format_
        for format_ in content.formats.values()
        if people <= format_.most and (not is_closed or all_can_be_named(format_))
    ]
    view = card(
        f"**{safe(round_.format.name)}** for {plural(people, 'person', 'people')}. Another format?"
        f" Or somebody else for a seat: {replace_command(interaction)}.",
        row(format_menu(round_id, fitting, people)) if fitting else "",
        row(CALL_OFF.button(round_id=round_id)),
    )
    await reply(interaction, view)


def format_menu(round_id: int, formats: Iterable[Format], people: int) -> Component:
    """Other formats for a round of so many people that has not begun."""
    options = [
        option(
            cut(format_label(one), 100),
            one.id,
            description="" if one.suits_count(people) else f"needs {one.fewest} people",
        )
        for one in formats
    ]
    return CHANGE_FORMAT.menu(options[:25], round_id=round_id)


@CHANGE_FORMAT.chosen
@_before_it_begins
async def change_format(interaction: Interaction, choice: str, round_id: int) -> None:
    """Take the format; the card shows it to all."""
    services = services_of(interaction)
    content = await content_of(interaction, services[LiveRounds].get(round_id))
    format_ = content.formats.get(choice)
    if format_ is None:
        raise FormatUnknown(choice)
    await services[RoundProposing].change_format(round_id, person_of(interaction), format_)
    await redraw(interaction, card(f"📋 The round now follows {format_line(format_)}."))


@CALL_OFF.pressed
@_before_it_begins
async def call_off(interaction: Interaction, round_id: int) -> None:
    """Take the proposal back, and say so on the private card."""
    await services_of(interaction)[RoundProposing].call_off(round_id, person_of(interaction))
    await redraw(interaction, card("📭 The round is called off. Nothing of it is stored."))


def replace_command(interaction: Interaction) -> str:
    """The command that asks another person to take a seat, to click on."""
    return client_of(interaction).mention_command("round replace")
