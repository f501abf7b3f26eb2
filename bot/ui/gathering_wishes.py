"""What somebody wishes in a dojo: role, languages, and with whom not; for their own eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord

from bot.domain.gatherings import MOST_APART, Gathering
from bot.domain.groups import Wish
from bot.services.gatherings import Wishes
from bot.ui.answers import NotTaken, defer, reply, show_form
from bot.ui.components import card, row
from bot.ui.forms import DojoForm, Typed, choice, choices, is_bot, people
from bot.ui.gathering_join import MENU, JoinGathering, joined_now
from bot.ui.gathering_lists import unmet_card
from bot.ui.gathering_steps import GATHER, GatherButton, gathering_of, gatherings_of
from bot.ui.gathering_texts import ACCENT, LANGUAGES, WISH, languages_text, people_text
from bot.ui.interactions import Interaction, View, person_of

PRIVATE = "Only you ever see this, facilitators do not. Empty it whenever you like."
GONE = "Only you see this. Somebody you had named is gone: please choose the others again."
CUT = (
    f"Only you see this. {MOST_APART} names at most now: the first {MOST_APART} of your list hold."
)


class WishForm(DojoForm, template=rf"{GATHER}:wishes"):
    """All that somebody wishes in a dojo."""

    def __init__(self, gathering_id: int, wishes: Wishes, *, apart_note: str = PRIVATE) -> None:
        super().__init__(f"gather:{gathering_id}:wishes", "My wishes")
        self.field(
            MENU,
            discord.ui.RadioGroup(
                custom_id="wish",
                options=[
                    discord.RadioGroupOption(
                        label=name,
                        value=wish.value,
                        description=means,
                        default=wish is wishes.wish,
                    )
                    for wish, (_, name, means) in WISH.items()
                ],
            ),
        )
        self.field(
            "Languages I practise in",
            discord.ui.Select(
                custom_id="languages",
                placeholder="Any",
                min_values=0,
                max_values=len(LANGUAGES),
                required=False,
                options=[
                    discord.SelectOption(label=name, value=code, default=code in wishes.languages)
                    for code, name in LANGUAGES.items()
                ],
            ),
            description="None: any language is fine.",
        )
        self.field(
            "Not in a group with…",
            discord.ui.UserSelect(
                custom_id="apart",
                placeholder="Nobody",
                min_values=0,
                max_values=MOST_APART,
                required=False,
                default_values=[discord.Object(user_id) for user_id in wishes.apart],
            ),
            description=apart_note,
        )

    @classmethod
    async def submitted(
        cls, interaction: Interaction, about: Mapping[str, str], typed: Typed
    ) -> None:
        """Keep all of it, also when the gathering is over by now: it holds for the next one."""
        await defer(interaction, ephemeral=True, thinking=True)
        gatherings, person = gatherings_of(interaction), person_of(interaction)
        gathering = await gathering_of(interaction, int(about["gathering_id"]))
        wish = Wish(choice(typed, "wish", set(Wish), Wish.ANY))
        languages = frozenset(choices(typed, "languages", LANGUAGES))
        named = people(interaction, typed, "apart")
        apart = [one for one in named if not is_bot(interaction, one) and one != person.user_id]
        await gatherings.keep_apart(gathering.dojo_id, person, apart)
        gathering = await gatherings.wish_for(
            gathering.id,
            person,
            wish=wish,
            languages=languages,
        )
        wishes = await gatherings.wishes_of(gathering.dojo_id, person.user_id)
        is_in = gathering.is_open and joined_now(gathering, person.user_id) is not None
        await reply(interaction, wishes_card(gathering, wishes, is_in=is_in))


def wishes_card(gathering: Gathering, wishes: Wishes, *, is_in: bool) -> View:
    """What was saved, for the person alone."""
    emoji, name, means = WISH[wishes.wish]
    apart = people_text(wishes.apart, most=MOST_APART) if wishes.apart else "nobody named"
    buttons: list[discord.ui.Item[Any]] = [MyWishes(gathering.id)]
    if gathering.is_open and not is_in:
        buttons.insert(0, JoinGathering(gathering.id))
    return card(
        "### 🌠 Your wishes in this dojo are saved",
        f"{emoji} **{name}**: {means}\n🗨️ In {languages_text(wishes.languages)}\n"
        f"🔒 Not in a group with: {apart}",
        "-# The last line is between you and me: nobody else can see it, nor that there is one.",
        row(*buttons),
        accent=ACCENT,
    )


class MyWishes(GatherButton, template=rf"{GATHER}:wishes"):
    """Opens the form with somebody's own wishes."""

    def __init__(self, gathering_id: str | int) -> None:
        super().__init__(gathering_id, "wishes", "My wishes", emoji="🌠")

    async def pressed(self, interaction: Interaction) -> None:
        """Open it, filled with what holds now; first ask whose list cannot be kept."""
        gathering = await gathering_of(interaction, self.gathering_id)
        gatherings, user_id = gatherings_of(interaction), interaction.user.id
        if await gatherings.is_list_unmet(gathering, user_id):
            await reply(interaction, unmet_card(gathering))
            return
        await _open_form(interaction, gathering)


async def _open_form(interaction: Interaction, gathering: Gathering) -> None:
    wishes = await gatherings_of(interaction).wishes_of(gathering.dojo_id, interaction.user.id)
    note = CUT if wishes.is_cut else PRIVATE
    try:
        await show_form(interaction, WishForm(gathering.id, wishes, apart_note=note))
    except NotTaken as failed:
        if not wishes.apart or failed.is_unsure:
            raise
        # A form may propose nobody whom Discord does not know any more.
        form = WishForm(gathering.id, replace(wishes, apart=()), apart_note=GONE)
        await show_form(interaction, form)


class MyList(GatherButton, template=rf"{GATHER}:my-list"):
    """Opens the form for someone whose list cannot be kept."""

    def __init__(self, gathering_id: str | int) -> None:
        primary = discord.ButtonStyle.primary
        super().__init__(gathering_id, "my-list", "Change my list", emoji="🌠", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Open it."""
        await _open_form(interaction, await gathering_of(interaction, self.gathering_id))
