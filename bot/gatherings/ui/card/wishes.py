"""What a person wishes in a dojo: role, languages, and with whom not; for their own eyes."""

from __future__ import annotations

from dataclasses import replace

import discord

from bot.gatherings.actions import CHANGE_LIST, JOIN, MY_WISHES, WISH_MENU, WISHES_FORM
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import MOST_APART, Gathering
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.joining import GatheringJoining, Wishes
from bot.gatherings.ui.card.join import joined_now
from bot.gatherings.ui.card.lists import unmet_card
from bot.gatherings.ui.shared import gathering_of
from bot.gatherings.ui.words import ACCENT, LANGUAGES, WISH, languages_text, people_text
from bot.kit.discord.actions import FormShown, field, menu_field, radio_field
from bot.kit.discord.answers import NotTaken, defer, reply, show_form
from bot.kit.discord.cards import card, row
from bot.kit.discord.forms import Typed, choice, choices, is_bot, people
from bot.kit.discord.interactions import Interaction, View, person_of, services_of

PRIVATE = "Only you ever see this, facilitators do not. Empty it whenever you like."
GONE = "Only you see this. Somebody you had named is gone: please choose the others again."
CUT = (
    f"Only you see this. {MOST_APART} names at most now: the first {MOST_APART} of your list hold."
)


def wishes_form(gathering_id: int, wishes: Wishes, *, apart_note: str = PRIVATE) -> FormShown:
    """All that a person wishes in a dojo, to be changed."""
    return WISHES_FORM.form(
        radio_field(
            WISH_MENU.placeholder,
            "wish",
            [(wish.value, name, means) for wish, (_, name, means) in WISH.items()],
            wishes.wish.value,
        ),
        menu_field(
            "Languages I practise in",
            "languages",
            [(code, name, "") for code, name in LANGUAGES.items()],
            wishes.languages,
            most=len(LANGUAGES),
            placeholder="Any",
            description="None: any language is fine.",
        ),
        field(
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
        ),
        gathering_id=gathering_id,
    )


@WISHES_FORM.submitted
async def save_wishes(interaction: Interaction, typed: Typed, gathering_id: int) -> None:
    """Save all of it, also when the gathering is over by now: it holds for the next one."""
    await defer(interaction, ephemeral=True, thinking=True)
    joining, person = services_of(interaction)[GatheringJoining], person_of(interaction)
    gathering = await gathering_of(interaction, gathering_id)
    wish = Wish(choice(typed, "wish", set(Wish), Wish.ANY))
    languages = frozenset(choices(typed, "languages", LANGUAGES))
    named = people(interaction, typed, "apart")
    apart = [one for one in named if not is_bot(interaction, one) and one != person.user_id]
    await joining.keep_apart(gathering.dojo_id, person, apart)
    gathering = await joining.wish_for(gathering_id, person, wish=wish, languages=languages)
    wishes = await joining.wishes_of(gathering.dojo_id, person.user_id)
    is_in = gathering.is_open and joined_now(gathering, person.user_id) is not None
    await reply(interaction, wishes_card(gathering, wishes, is_in=is_in))


def wishes_card(gathering: Gathering, wishes: Wishes, *, is_in: bool) -> View:
    """What was saved, for the person alone."""
    emoji, name, means = WISH[wishes.wish]
    apart = people_text(wishes.apart, most=MOST_APART) if wishes.apart else "nobody named"
    buttons = [MY_WISHES.button(gathering_id=gathering.id)]
    if gathering.is_open and not is_in:
        buttons.insert(0, JOIN.button(gathering_id=gathering.id))
    return card(
        "### 🌠 Your wishes in this dojo are saved",
        f"{emoji} **{name}**: {means}\n🗨️ In {languages_text(wishes.languages)}\n"
        f"🔒 Not in a group with: {apart}",
        "-# The last line is between you and me: nobody else can see it, nor that there is one.",
        row(*buttons),
        accent=ACCENT,
    )


@MY_WISHES.pressed
async def open_wishes(interaction: Interaction, gathering_id: int) -> None:
    """Open the form, filled with what holds now; first ask people whose list cannot be kept."""
    gathering = await gathering_of(interaction, gathering_id)
    grouping = services_of(interaction)[GatheringGrouping]
    if await grouping.is_list_unmet(gathering, interaction.user.id):
        await reply(interaction, unmet_card(gathering))
        return
    await _open_form(interaction, gathering)


@CHANGE_LIST.pressed
async def change_list(interaction: Interaction, gathering_id: int) -> None:
    """Open the form."""
    await _open_form(interaction, await gathering_of(interaction, gathering_id))


async def _open_form(interaction: Interaction, gathering: Gathering) -> None:
    joining = services_of(interaction)[GatheringJoining]
    wishes = await joining.wishes_of(gathering.dojo_id, interaction.user.id)
    note = CUT if wishes.is_cut else PRIVATE
    try:
        await show_form(interaction, wishes_form(gathering.id, wishes, apart_note=note))
    except NotTaken as failed:
        if not wishes.apart or failed.is_unsure:
            raise
        # A form may propose nobody whom Discord does not know any more.
        form = wishes_form(gathering.id, replace(wishes, apart=()), apart_note=GONE)
        await show_form(interaction, form)
