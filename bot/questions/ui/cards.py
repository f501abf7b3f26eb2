"""Question cards: public in a dojo, private elsewhere, and the list of a whole phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.content.model.content import Content
from bot.content.model.questions import FROM_ARTICLE, Origin, Phase, Question
from bot.content.model.refusals import NoQuestion
from bot.dojos.model.refusals import DojoUnknown
from bot.dojos.ui.places import no_dojo_notice
from bot.kit.discord.actions import Style, option
from bot.kit.discord.answers import acknowledge_repeat, defer, redraw, reply
from bot.kit.discord.cards import Component, Part, card, line, row, turning
from bot.kit.discord.interactions import Interaction, View, post_in_room, services_of
from bot.kit.discord.text import cut, paged, safe
from bot.questions.actions import (
    ANOTHER,
    ANOTHER_IN_PLACE,
    ANOTHER_OF_OLD,
    BACK_TO_QUESTION,
    BRING_BACK,
    CHOOSE_PHASE,
    LIST_PAGE,
    LIST_PAGE_OF,
    NOT_HELPFUL,
    OTHER_LIST,
    OTHER_LIST_OF,
    OTHER_PHASE,
    OTHER_PHASE_IN_PLACE,
    OTHER_PHASE_OF_OLD,
    SHARE,
    SHOW_ALL,
    SHOW_ALL_IN_PLACE,
    SHOW_ALL_OF_OLD,
    TAKE_ONE,
)
from bot.questions.service import Loose, Picked, QuestionService
from bot.questions.ui.place import Place, place_of
from bot.questions.ui.words import (
    ACCENT,
    EMOJI,
    marked,
    phase_of,
    phase_options,
    question_lines,
    question_text,
    unmarked,
)
from bot.rounds.model.refusals import NotInRound

QUESTIONS_A_PAGE = 10
BEGINS_AGAIN = "All {count} questions of this part have come here. From now on they come again."
SET_ASIDE = "“{question}” does not come to you here again."
ABOUT_MARKED = (
    f"{FROM_ARTICLE} after the article “What does partnership mean in coaching?” by Lucia Baldelli"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A question that a private card shows, and where its run stands."""

    phase: Phase
    question_id: str
    loose: Loose

    def fields(self) -> dict[str, Any]:
        """The fields of a custom id that leads back to it."""
        return {"question_id": self.question_id, "seed": self.loose.seed, "at": self.loose.position}


def public_card(place: Place, phase: Phase, question: Question, *, notice: str = "") -> View:
    """What everybody in the room sees. Its buttons work for anyone, forever."""
    return card(
        *question_lines(place.content, phase, question, place.minutes_left),
        *([f"-# {notice}"] if notice else []),
        row(
            ANOTHER.button(phase=phase, question_id=question.id),
            SHOW_ALL.button(phase=phase),
        ),
        row(OTHER_PHASE.menu(phase_options(place.content.phases), question_id=question.id)),
        accent=ACCENT[phase],
    )


def private_card(
    place: Place,
    phase: Phase,
    question: Question,
    *,
    loose: Loose,
    notice: str = "",
    share: bool = False,
    shared: bool = False,
    aside: str = "",
) -> View:
    """What only the person who asked sees; `share` offers to post it in the room.

    `aside` is the question before, which the person has just set aside.
    """
    seed, at = loose.seed, loose.position
    buttons = [
        ANOTHER_IN_PLACE.button(phase=phase, seed=seed, at=at),
        SHOW_ALL_IN_PLACE.button(phase=phase, **Shown(phase, question.id, loose).fields()),
    ]
    if share:
        buttons.append(
            SHARE.button(
                phase=phase,
                question_id=question.id,
                label="Shared with the room" if shared else None,
                style=Style.secondary if shared else None,
                disabled=shared,
            )
        )
    if place.dojo is not None:
        buttons.append(NOT_HELPFUL.button(phase=phase, question_id=question.id))
    if aside:
        buttons.append(BRING_BACK.button(phase=phase, question_id=aside))
    phases = phase_options(place.content.phases)
    return card(
        *question_lines(place.content, phase, question, place.minutes_left),
        *([f"-# {notice}"] if notice else []),
        row(*buttons),
        row(OTHER_PHASE_IN_PLACE.menu(phases, seed=seed, at=at)),
        accent=ACCENT[phase],
    )


def chooser_card(
    content: Content, *, private: bool, notice: str = "", is_feedback: bool = False
) -> View:
    """Asks which phase the question is for; in the feedback first says what a coach can ask."""
    over: list[Part] = []
    if is_feedback:
        asked = "\n".join(f"- {safe(one)}" for one in content.feedback_questions)
        over = [f"### The coaching is over\nFor the feedback, the coach can ask:\n{asked}", line()]
    lines = [
        f"{EMOJI[phase]} **{safe(words.label)}** · {safe(words.hint)}"
        for phase, words in content.phases.items()
    ]
    show = "me" if private else "channel"
    buttons = [
        CHOOSE_PHASE.button(
            phase=phase, show=show, label=content.phases[phase].label, emoji=EMOJI[phase]
        )
        for phase in Phase
    ]
    return card(
        *over,
        "### Which part of the conversation is it for?",
        "\n".join(lines),
        *([f"-# {notice}"] if notice else []),
        row(*buttons),
    )


def list_card(content: Content, phase: Phase, page: int, shown_before: Shown | None = None) -> View:
    """All questions of a phase, a page at a time; choosing one opens it as a private card.

    With the question from which the list was opened, it leads back to that.
    """
    questions = content.bank.in_phase(phase)
    if not questions:
        raise NoQuestion("phase")
    lines = [f"{number}. {marked(q, question_text(q))}" for number, q in enumerate(questions, 1)]
    pages = paged(lines, most_text=3_000, most_blocks=QUESTIONS_A_PAGE)
    page = min(max(page, 0), len(pages) - 1)
    first = sum(len(earlier) for earlier in pages[:page])
    shown = questions[first : first + len(pages[page])]
    words = content.phases[phase]
    options = [
        option(cut(f"{number}. {marked(q, unmarked(q))}", 100), q.id)
        for number, q in enumerate(shown, first + 1)
    ]
    phases = phase_options(content.phases)
    if shown_before is None:
        back: list[Component] = []
        others = OTHER_LIST.menu(phases)
    else:
        of, about = shown_before.phase, shown_before.fields()
        back = [BACK_TO_QUESTION.button(phase=of, **about)]
        others = OTHER_LIST_OF.menu(phases, of=of, **about)

    def turn(to: int, label: str) -> Component:
        if shown_before is None:
            return LIST_PAGE.button(phase=phase, page=to, label=label)
        of, about = shown_before.phase, shown_before.fields()
        return LIST_PAGE_OF.button(phase=phase, page=to, label=label, of=of, **about)

    return card(
        f"{EMOJI[phase]} **{safe(words.label)}** · {len(questions)} questions"
        + (f" · page {page + 1} of {len(pages)}" if len(pages) > 1 else ""),
        "\n".join(pages[page]),
        *([f"-# {ABOUT_MARKED}"] if any(q.origin is Origin.ADAPTED for q in shown) else []),
        row(TAKE_ONE.menu(options, phase=phase)),
        *turning(page, len(pages), turn),
        row(others),
        row(*back),
        accent=ACCENT[phase],
    )


async def give_question(
    interaction: Interaction, place: Place, phase: Phase, *, private: bool
) -> None:
    """Answer with a question: in public in a dojo, in private on request and everywhere else."""
    questions = services_of(interaction)[QuestionService]
    if place.dojo is None or private:
        loose = questions.begin_loose() if place.dojo is None else Loose(0)
        await reply(interaction, await _in_private(interaction, place, phase, loose))
        return
    picked = await questions.pick(place.dojo, phase, place.person)
    view = public_card(place, phase, picked.question, notice=_begins_again(place, phase, picked))
    if place.is_coaching:
        # An answer shows who asked, and the person being coached must not learn that.
        _check_of_the_round(place)
        await defer(interaction, ephemeral=True, thinking=True)
        await post_in_room(interaction, view, must_not_name=True)
        await reply(interaction, card("📣 Posted, without saying who asked."))
    else:
        await reply(interaction, view, private=False)


def _begins_again(place: Place, phase: Phase, picked: Picked) -> str:
    """That the deck begins again, where it does with this question."""
    if not picked.begins_again:
        return ""
    return BEGINS_AGAIN.format(count=len(place.content.bank.deck(phase)))


async def ask_for_phase(interaction: Interaction, place: Place, *, private: bool) -> None:
    """Answer with the choice of a phase."""
    if place.dojo is None:
        notice = no_dojo_notice(interaction)
        await reply(interaction, chooser_card(place.content, private=True, notice=notice))
        return
    place.dojo.check_may_ask(place.person)
    notice = "" if private else "The question will be posted here for everyone."
    view = chooser_card(
        place.content, private=private, notice=notice, is_feedback=place.is_feedback
    )
    await reply(interaction, view)


# In the room


@ANOTHER.pressed
async def give_another(interaction: Interaction, phase: str, question_id: str) -> None:
    """Show another question of the same phase in the place of this one."""
    await _replace(interaction, Phase(phase), question_id)


@OTHER_PHASE.chosen
async def give_of_phase(interaction: Interaction, choice: str, question_id: str) -> None:
    """Show a question of another phase in the place of this one."""
    await _replace(interaction, phase_of(choice), question_id)


@ANOTHER_OF_OLD.pressed
async def give_another_of_old(interaction: Interaction, phase: str) -> None:
    """Do the same on an older card."""
    await _replace(interaction, Phase(phase), "")


@OTHER_PHASE_OF_OLD.chosen
async def give_of_phase_of_old(interaction: Interaction, choice: str) -> None:
    """Do the same on an older card."""
    await _replace(interaction, phase_of(choice), "")


async def _replace(interaction: Interaction, phase: Phase, before: str) -> None:
    """Show a question in the place of the one `before`, and say who asked, and what stood there.

    During coaching it is for the person alone who pressed, and the card stays as it is.
    """
    place, message = await place_of(interaction), interaction.message
    if place.dojo is None or place.is_coaching or message is None:
        await give_question(interaction, place, phase, private=place.is_coaching)
        return
    questions = services_of(interaction)[QuestionService]
    if not questions.replace(message.id, before):
        await acknowledge_repeat(interaction)
        return
    try:
        picked = await questions.pick(place.dojo, phase, place.person)
        question = picked.question
        notice = f"🔄 Asked for by {interaction.user.mention}."
        known = next((one for one in place.content.bank.questions if one.id == before), None)
        if known is not None and known.id != question.id:
            notice += f" Before: “{safe(cut(unmarked(known), 120))}”"
        again = _begins_again(place, phase, picked)
        notice += f"\n-# {again}" if again else ""
        await redraw(interaction, public_card(place, phase, question, notice=notice))
    except BaseException:
        questions.keep(message.id)
        raise
    if question.id == before or not before:
        questions.keep(message.id)


@SHOW_ALL.pressed
async def show_all(interaction: Interaction, phase: str) -> None:
    """Show the whole phase to the person who pressed."""
    await reply(interaction, await _list_here(interaction, Phase(phase)))


# On a private card


@SHOW_ALL_IN_PLACE.pressed
async def show_all_in_place(
    interaction: Interaction, phase: str, question_id: str, seed: int, at: int
) -> None:
    """Turn the private card into the list of the whole phase, which leads back to the question."""
    shown = Shown(Phase(phase), question_id, Loose(seed, at))
    await redraw(interaction, await _list_here(interaction, shown.phase, shown_before=shown))


@SHOW_ALL_OF_OLD.pressed
async def show_all_of_old(interaction: Interaction, phase: str) -> None:
    """Turn an older private card into the list of the whole phase."""
    await redraw(interaction, await _list_here(interaction, Phase(phase)))


@ANOTHER_IN_PLACE.pressed
async def replace_question(interaction: Interaction, phase: str, seed: int, at: int) -> None:
    """Replace the question on the private card by another of the same phase."""
    await _another_in_place(interaction, Phase(phase), Loose(seed, at).next())


@OTHER_PHASE_IN_PLACE.chosen
async def replace_phase(interaction: Interaction, choice: str, seed: int, at: int) -> None:
    """Replace the question on the private card by one of another phase."""
    await _another_in_place(interaction, phase_of(choice), Loose(seed, at))


@CHOOSE_PHASE.pressed
async def choose_phase(interaction: Interaction, phase: str, show: str) -> None:
    """Give a question of the phase: on this card if private, or else in the room."""
    place = await place_of(interaction)
    questions = services_of(interaction)[QuestionService]
    chosen = Phase(phase)
    if place.dojo is None or show == "me" or place.is_coaching:
        await _another_in_place(interaction, chosen, questions.begin_loose())
        return
    picked = await questions.pick(place.dojo, chosen, place.person)
    question, again = picked.question, _begins_again(place, chosen, picked)
    # Posting may have to wait for Discord's rate limit.
    await defer(interaction)
    await post_in_room(interaction, public_card(place, chosen, question, notice=again))
    notice = f"Posted: “{safe(cut(unmarked(question), 120))}” Choose again for another one."
    await redraw(interaction, chooser_card(place.content, private=False, notice=notice))


@SHARE.pressed
async def share(interaction: Interaction, phase: str, question_id: str) -> None:
    """Post the question in the room once, and say so on the private card."""
    place = await place_of(interaction)
    if place.dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    place.dojo.check_may_ask(place.person)
    _check_of_the_round(place)
    question = place.content.bank.get(question_id)
    await defer(interaction)
    await post_in_room(
        interaction, public_card(place, Phase(phase), question), must_not_name=place.is_coaching
    )
    done = private_card(place, Phase(phase), question, loose=Loose(0), share=True, shared=True)
    await redraw(interaction, done)


def _check_of_the_round(place: Place) -> None:
    """Raise NotInRound for people outside the round of this room: nobody would know who asked.

    A facilitator may share a question, as they may visit a room.
    """
    round_ = place.round
    if round_ is None or not round_.has_begun or round_.takes_part(place.person.user_id):
        return
    if place.dojo is None or not place.dojo.is_facilitator(place.person):
        raise NotInRound("share")


@NOT_HELPFUL.pressed
async def set_aside(interaction: Interaction, phase: str, question_id: str) -> None:
    """Give the person this question no more in this dojo, and another one in its place."""
    place = await place_of(interaction)
    if place.dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    questions, of = services_of(interaction)[QuestionService], Phase(phase)
    await questions.set_aside(place.dojo, place.person, question_id)
    picked = await questions.pick(place.dojo, of, place.person)
    before = safe(cut(unmarked(place.content.bank.get(question_id)), 120))
    again = _begins_again(place, of, picked)
    notice = SET_ASIDE.format(question=before) + (f"\n-# {again}" if again else "")
    share = not place.is_elsewhere
    view = private_card(
        place,
        of,
        picked.question,
        loose=Loose(0),
        notice=notice,
        share=share,
        aside=question_id,
    )
    await redraw(interaction, view)


@BRING_BACK.pressed
async def take_back(interaction: Interaction, phase: str, question_id: str) -> None:
    """Take back that a question was set aside, and show it."""
    place = await place_of(interaction)
    if place.dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    await services_of(interaction)[QuestionService].take_back(place.dojo, place.person, question_id)
    await _show_one(interaction, Shown(Phase(phase), question_id, Loose(0)))


# On the list of a phase


@LIST_PAGE.pressed
async def show_list_page(interaction: Interaction, phase: str, page: int) -> None:
    """Show another page of the list."""
    await redraw(interaction, await _list_here(interaction, Phase(phase), page))


@LIST_PAGE_OF.pressed
async def show_list_page_of(
    interaction: Interaction, phase: str, page: int, of: str, question_id: str, seed: int, at: int
) -> None:
    """Show another page of a list that leads back to a question."""
    shown = Shown(Phase(of), question_id, Loose(seed, at))
    await redraw(interaction, await _list_here(interaction, Phase(phase), page, shown_before=shown))


@BACK_TO_QUESTION.pressed
async def show_question_again(
    interaction: Interaction, phase: str, question_id: str, seed: int, at: int
) -> None:
    """Show the question again from which the list was opened."""
    await _show_one(interaction, Shown(Phase(phase), question_id, Loose(seed, at)))


@TAKE_ONE.chosen
async def take_one(interaction: Interaction, choice: str, phase: str) -> None:
    """Show one question of the list by itself, with everything that a private card offers."""
    loose = services_of(interaction)[QuestionService].begin_loose()
    await _show_one(interaction, Shown(Phase(phase), choice, loose))


async def _show_one(interaction: Interaction, shown: Shown) -> None:
    """Show this question on the private card."""
    place = await place_of(interaction)
    if place.dojo is not None:
        place.dojo.check_may_ask(place.person)
    question = place.content.bank.get(shown.question_id)
    has_dojo = place.dojo is not None
    notice = "" if has_dojo else no_dojo_notice(interaction)
    share = has_dojo and not place.is_elsewhere
    view = private_card(place, shown.phase, question, loose=shown.loose, notice=notice, share=share)
    await redraw(interaction, view)


@OTHER_LIST.chosen
async def show_other_list(interaction: Interaction, choice: str) -> None:
    """Show the list of another phase."""
    await redraw(interaction, await _list_here(interaction, phase_of(choice)))


@OTHER_LIST_OF.chosen
async def show_other_list_of(
    interaction: Interaction, choice: str, of: str, question_id: str, seed: int, at: int
) -> None:
    """Show the list of another phase, which still leads back to the question."""
    shown = Shown(Phase(of), question_id, Loose(seed, at))
    view = await _list_here(interaction, phase_of(choice), shown_before=shown)
    await redraw(interaction, view)


async def _list_here(
    interaction: Interaction, phase: Phase, page: int = 0, *, shown_before: Shown | None = None
) -> View:
    place = await place_of(interaction)
    if place.dojo is not None:
        place.dojo.check_may_ask(place.person)
    return list_card(place.content, phase, page, shown_before)


async def _another_in_place(interaction: Interaction, phase: Phase, loose: Loose) -> None:
    place = await place_of(interaction)
    await redraw(interaction, await _in_private(interaction, place, phase, loose))


async def _in_private(interaction: Interaction, place: Place, phase: Phase, loose: Loose) -> View:
    """A question of the dojo's bag, or else of this run, on a private card."""
    questions = services_of(interaction)[QuestionService]
    if place.dojo is None:
        question = questions.pick_loose(place.content, phase, loose)
        notice = no_dojo_notice(interaction)
        return private_card(place, phase, question, loose=loose, notice=notice)
    picked = await questions.pick(place.dojo, phase, place.person)
    again = _begins_again(place, phase, picked)
    share = not place.is_elsewhere
    return private_card(place, phase, picked.question, loose=loose, notice=again, share=share)
