"""The client's own three items, which the coach sees only if the client wants that."""

from __future__ import annotations

from bot.feedback.actions import ALLOW_WORDS, CLIENT_FORM, MY_CLIENT_ROUNDS, UNSAY
from bot.feedback.model.sheets import Answer, ClientView
from bot.feedback.service.sheets import ClientLook
from bot.feedback.ui.debrief.waiting import waiting_cards_of
from bot.feedback.ui.sheets import ACCENT, sheets_of
from bot.kit.discord.actions import FormShown, radio_field
from bot.kit.discord.answers import answer_in_place, redraw, reply, show_form
from bot.kit.discord.cards import Component, Part, card, row
from bot.kit.discord.forms import Typed, choice
from bot.kit.discord.interactions import Interaction, View
from bot.kit.discord.text import moment, safe
from bot.rounds.actions import ERASE_ROUND, SAY_HOW_IT_WAS

ITEMS = (
    ("chose", "I chose where we went"),
    ("heard", "The coach used my words, not their own"),
    ("recognised", "Something good about me was noticed"),
)
ANSWERS = {Answer.YES: "Yes", Answer.PARTLY: "Partly", Answer.NO: "No"}
SHARE, KEEP = "share", "keep"


def view_lines(view: ClientView) -> str:
    """The three items with their answers."""
    return "\n".join(
        f"- {text}: **{ANSWERS[getattr(view, name)].lower()}**" for name, text in ITEMS
    )


async def open_client_view(interaction: Interaction, round_id: int) -> None:
    """Answer a present or former client with what is theirs of the round."""
    look = await sheets_of(interaction).client_look(round_id, interaction.user.id)
    if look.round.is_open and look.view is None and look.round.takes_part(interaction.user.id):
        # While the round is going on, the button that erases it is on their role card.
        look.check_may_say()
    await reply(interaction, client_card(look))


async def client_card_of(interaction: Interaction, round_id: int) -> View:
    """What is theirs of the round at present."""
    return client_card(await sheets_of(interaction).client_look(round_id, interaction.user.id))


def client_card(look: ClientLook) -> View:
    """What the client said and who sees it, and the button that erases the round."""
    round_id, view = look.round.id, look.view
    when = moment(look.round.proposed_at, "f")
    parts: list[Part] = [f"### 💬 How it was for you\n-# {safe(look.round.format.name)}, {when}"]
    buttons: list[Component] = []
    if view is None and look.may_say:
        parts.append(
            "Three items, half a minute, if you like. They are yours: the coach sees them only if"
            " you choose so."
        )
        buttons.append(SAY_HOW_IT_WAS.button(round_id=round_id))
    elif view is None:
        parts.append(
            "You have said nothing about this round. Here you can have the whole round erased."
        )
    else:
        who = "The coach sees it with their feedback." if view.is_shared else "Only you see it."
        change = "change it, or take it back" if look.may_say else "take it back"
        parts += [view_lines(view), f"-# {who} You can {change} for as long as it is stored."]
        if look.may_say:
            buttons.append(SAY_HOW_IT_WAS.button(round_id=round_id, label="Change"))
        buttons.append(UNSAY.button(round_id=round_id))
    words = (
        "words that observers typed are shown, too." if look.may_quote else "no words are shown."
    )
    return card(
        *parts,
        row(*buttons, ERASE_ROUND.button(round_id=round_id), MY_CLIENT_ROUNDS.button()),
        f"**If the coach shares their feedback in the room:** {words} Coaches repeat their client’s"
        " words, so this is for you to decide.",
        row(_words_button(round_id, may_quote=look.may_quote)),
        accent=ACCENT,
    )


def _words_button(round_id: int, *, may_quote: bool) -> Component:
    if may_quote:
        return ALLOW_WORDS.button(round_id=round_id, may="no", label="No words, please", emoji="🤐")
    return ALLOW_WORDS.button(round_id=round_id, may="yes")


@SAY_HOW_IT_WAS.pressed
async def open_form(interaction: Interaction, round_id: int) -> None:
    """Open the client's form, with what was said before."""
    look = await sheets_of(interaction).client_look(round_id, interaction.user.id)
    look.check_may_say()
    await show_form(interaction, client_form(round_id, look.view))


@UNSAY.pressed
async def unsay(interaction: Interaction, round_id: int) -> None:
    """Erase what the client said; one tap lets them say it again."""
    await sheets_of(interaction).unsay(round_id, interaction.user.id)
    await redraw(interaction, await client_card_of(interaction, round_id))


def client_form(round_id: int, view: ClientView | None) -> FormShown:
    """Three items, and whether the coach may see them."""
    shares = view is not None and view.is_shared
    answers = [(answer.value, label, "") for answer, label in ANSWERS.items()]
    shown = [(KEEP, "Only me", ""), (SHARE, "The coach as well, at the end", "")]
    return CLIENT_FORM.form(
        *(radio_field(text, name, answers, getattr(view, name, None)) for name, text in ITEMS),
        radio_field("Who may see it?", "share", shown, SHARE if shares else KEEP),
        round_id=round_id,
    )


@CLIENT_FORM.submitted
async def send_client_view(interaction: Interaction, typed: Typed, round_id: int) -> None:
    """Save what the client says, and show what is saved."""
    first, second, third = (
        Answer(choice(typed, name, set(Answer), Answer.PARTLY)) for name, _ in ITEMS
    )
    await sheets_of(interaction).say(
        round_id,
        interaction.user.id,
        (first, second, third),
        is_shared=choice(typed, "share", (KEEP, SHARE), KEEP) == SHARE,
    )
    shown = await client_card_of(interaction, round_id)
    waiting_cards_of(interaction).touch(round_id)
    await answer_in_place(interaction, shown)
