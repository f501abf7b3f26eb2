"""What every button of a gathering begins with: which gathering is meant, and who is who."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.content.model.content import Content
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.plan import Plan
from bot.gatherings.model.plan_of import plan_of
from bot.gatherings.model.refusals import CannotGather, NotFacilitator
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.live import LiveGatherings
from bot.kit.clicks.gate import guards, is_of
from bot.kit.discord.actions import Handler
from bot.kit.discord.answers import AnswerLost, is_private, redraw
from bot.kit.discord.cards import card
from bot.kit.discord.explain import explain
from bot.kit.discord.interactions import Interaction, client_of, person_of, services_of
from bot.kit.refusals import DojoError

NO_LONGER = "You no longer look after this evening, so its panel is closed here."


def name_of(interaction: Interaction, user_id: int) -> str:
    """How a person is called here; empty where Discord has not told us."""
    guild = interaction.guild
    member = guild.get_member(user_id) if guild is not None else None
    return member.display_name if member is not None else ""


async def gathering_of(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering, also one that is over. Raises CannotGather when nothing is known of it."""
    gathering = await services_of(interaction)[LiveGatherings].read(gathering_id)
    if gathering is None:
        raise CannotGather("over")
    return gathering


def facilitated(interaction: Interaction, gathering_id: int) -> Gathering:
    """A gathering that is going on, for those who look after it.

    Raises CannotGather when it is over, NotFacilitator for others.
    """
    return services_of(interaction)[GatheringAccess].checked(gathering_id, person_of(interaction))


def while_open(handler: Handler) -> Handler:
    """A handler of a private card that gives place to one sentence once its evening is over."""

    @functools.wraps(handler)
    async def act(interaction: Interaction, *given: object, **fields: object) -> None:
        try:
            await handler(interaction, *given, **fields)
        except CannotGather as error:
            if error.why != "over" or not is_private(interaction):
                raise
            said = explain(error, client_of(interaction).mention_command)
            await redraw(interaction, card(said))

    return act


def shown_as_it_is(show: Callable[..., Awaitable[None]]) -> Callable[[Handler], Handler]:
    """For a handler of a private card that stays true: it does so whatever the answer is.

    Where the handler refuses, `show` draws the card as it is now, from the fields of the id; then
    the person learns why. Who no longer looks after the evening sees no more of it.
    """

    def decorated(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def act(
            interaction: Interaction, *given: object, gathering_id: int, **fields: object
        ) -> None:
            try:
                await handler(interaction, *given, gathering_id=gathering_id, **fields)
            except DojoError:
                if is_private(interaction):
                    await _show_or_close(interaction, show, gathering_id, fields)
                raise

        return while_open(act)

    return decorated


async def _show_or_close(
    interaction: Interaction,
    show: Callable[..., Awaitable[None]],
    gathering_id: int,
    fields: dict[str, object],
) -> None:
    # The person is told all the same where even that cannot be shown.
    with suppress(DojoError, AnswerLost):
        try:
            facilitated(interaction, gathering_id)
        except NotFacilitator:
            await redraw(interaction, card(NO_LONGER))
        else:
            await show(interaction, gathering_id=gathering_id, **fields)


async def words_of(interaction: Interaction, gathering: Gathering) -> tuple[Content, Plan]:
    """The words of its dojo, and how the evening goes as it is planned."""
    content = await services_of(interaction)[GatheringAccess].content_of(gathering)
    return content, plan_of(gathering, content.formats.values())


# Which gatherings a click may name


@guards("gathering_id")
async def _gathering(interaction: Interaction, gathering_id: int, _: bool) -> None:  # noqa: FBT001
    gathering = await services_of(interaction)[LiveGatherings].read(gathering_id)
    if gathering is None or not is_of(interaction, gathering.guild_id):
        raise CannotGather("over")
