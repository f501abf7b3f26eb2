"""Question cards: public in a dojo, private elsewhere, and the list of all of a phase."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import discord

from bot.domain.content import Content, PhaseWords
from bot.domain.errors import DojoUnknown, NothingToShow, NotInRound
from bot.domain.questions import Phase, Question
from bot.services.questions import Loose
from bot.ui.answers import defer, redraw, reply
from bot.ui.components import DojoButton, DojoMenu, PreparedCard, card, row, turning
from bot.ui.interactions import Interaction, Place, View, place_of, post_in_room, services_of
from bot.ui.places import no_dojo_note
from bot.ui.question_texts import (
    ACCENT,
    EMOJI,
    Phases,
    phase_of,
    phase_options,
    question_lines,
    question_text,
    unmarked,
)
from bot.ui.texts import cut, paged, safe

PHASE = "|".join(Phase)
QUESTION_ID = r"[a-z0-9-]{1,40}"
QUESTIONS_A_PAGE = 10


def public_card(place: Place, phase: Phase, question: Question) -> View:
    """What everybody in the room sees. Its buttons work for anyone, for ever."""
    content = place.content
    lines = question_lines(content, phase, question, place.minutes_left)
    names = tuple((at, words.label, words.hint) for at, words in content.phases.items())
    return PreparedCard(_public_components(phase, tuple(lines), names))


@lru_cache(maxsize=1024)
def _public_components(
    phase: Phase, lines: tuple[str, ...], names: tuple[tuple[Phase, str, str], ...]
) -> list[dict[str, Any]]:
    phases = {at: PhaseWords(label, hint) for at, label, hint in names}
    view = card(
        *lines,
        row(AnotherPublic(phase), ShowAll(phase)),
        row(OtherPhasePublic(phases)),
        accent=ACCENT[phase],
    )
    return view.to_components()


def private_card(
    place: Place,
    phase: Phase,
    question: Question,
    *,
    loose: Loose,
    note: str = "",
    share: bool = False,
    shared: bool = False,
) -> View:
    """What only the person who asked sees; `share` offers to post it in the room."""
    buttons: list[DojoButton] = [
        AnotherPrivate(phase, str(loose.seed), str(loose.position)),
        ShowAllInPlace(phase),
    ]
    if share:
        buttons.append(Share(question.id, phase, shared=shared))
    return card(
        *question_lines(place.content, phase, question, place.minutes_left),
        *([f"-# {note}"] if note else []),
        row(*buttons),
        row(OtherPhasePrivate(place.content.phases, str(loose.seed), str(loose.position))),
        accent=ACCENT[phase],
    )


def chooser_card(content: Content, *, private: bool, note: str = "") -> View:
    """Asks which phase the question is for."""
    lines = [
        f"{EMOJI[phase]} **{safe(words.label)}** · {safe(words.hint)}"
        for phase, words in content.phases.items()
    ]
    show = "me" if private else "channel"
    return card(
        "### Which part of the conversation is it for?",
        "\n".join(lines),
        *([f"-# {note}"] if note else []),
        row(*(ChoosePhase(phase, show, label=content.phases[phase].label) for phase in Phase)),
    )


def list_card(content: Content, phase: Phase, page: int) -> View:
    """All questions of a phase, a page at a time; choosing one opens it as a private card."""
    questions = content.bank.in_phase(phase)
    if not questions:
        raise NothingToShow("phase")
    lines = [f"{number}. {question_text(q)}" for number, q in enumerate(questions, 1)]
    pages = paged(lines, most_text=3_000, most_blocks=QUESTIONS_A_PAGE)
    page = min(max(page, 0), len(pages) - 1)
    first = sum(len(earlier) for earlier in pages[:page])
    shown = questions[first : first + len(pages[page])]
    words = content.phases[phase]
    turns = turning(page, len(pages), lambda to, label: TurnPage(phase, str(to), label=label))
    return card(
        f"{EMOJI[phase]} **{safe(words.label)}** · {len(questions)} questions"
        + (f" · page {page + 1} of {len(pages)}" if len(pages) > 1 else ""),
        "\n".join(pages[page]),
        row(TakeOne(phase, shown, number_from=first + 1)),
        *turns,
        row(OtherPhaseOfList(content.phases)),
        accent=ACCENT[phase],
    )


async def give_question(
    interaction: Interaction, place: Place, phase: Phase, *, private: bool
) -> None:
    """Answer with a question: in the open in a dojo, privately on wish and everywhere else."""
    questions = services_of(interaction).questions
    if place.dojo is None:
        loose = questions.begin_loose()
        question = questions.draw_loose(place.content, phase, loose)
        note = no_dojo_note(interaction)
        await reply(interaction, private_card(place, phase, question, loose=loose, note=note))
        return
    question = await questions.draw(place.dojo, phase, place.person)
    if private:
        view = private_card(place, phase, question, loose=Loose(0), share=True)
        await reply(interaction, view)
    elif place.is_coaching:
        # An answer shows who asked; who is being coached must not learn that.
        _check_of_the_round(place)
        await defer(interaction, ephemeral=True, thinking=True)
        await post_in_room(interaction, public_card(place, phase, question), must_not_name=True)
        await reply(interaction, card("📣 Posted, without saying who asked."))
    else:
        await reply(interaction, public_card(place, phase, question), private=False)


async def ask_for_phase(interaction: Interaction, place: Place, *, private: bool) -> None:
    """Answer with the choice of a phase."""
    if place.dojo is None:
        note = no_dojo_note(interaction)
        await reply(interaction, chooser_card(place.content, private=True, note=note))
        return
    place.dojo.check_may_ask(place.person)
    note = "" if private else "The question will be posted here for everyone."
    await reply(interaction, chooser_card(place.content, private=private, note=note))


class AnotherPublic(DojoButton, template=rf"question:(?P<phase>{PHASE}):another"):
    """One more of the same phase, for everyone."""

    def __init__(self, phase: str) -> None:
        self.phase = Phase(phase)
        super().__init__(f"question:{phase}:another", "Another", emoji="🔄")

    async def pressed(self, interaction: Interaction) -> None:
        """Post a further question below; during coaching, only for the person who pressed."""
        place = await place_of(interaction)
        await give_question(interaction, place, self.phase, private=place.is_coaching)


class OtherPhasePublic(DojoMenu, template=r"question:phase"):
    """A question of another phase, for everyone."""

    def __init__(self, phases: Phases | None = None) -> None:
        options = phase_options(phases) if phases else None
        super().__init__("question:phase", "Other phase", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Post a question of that phase below; during coaching, only for who chose it."""
        place = await place_of(interaction)
        await give_question(interaction, place, phase_of(choice), private=place.is_coaching)


class ShowAll(DojoButton, template=rf"question:(?P<phase>{PHASE}):all"):
    """The whole phase, for the person who pressed."""

    def __init__(self, phase: str) -> None:
        self.phase = Phase(phase)
        super().__init__(f"question:{phase}:all", "Show all", emoji="📖")

    async def pressed(self, interaction: Interaction) -> None:
        """Answer privately with the list."""
        await reply(interaction, await _list_here(interaction, self.phase, 0))


class ShowAllInPlace(DojoButton, template=rf"private:(?P<phase>{PHASE}):all"):
    """The whole phase in the place of a private card."""

    def __init__(self, phase: str) -> None:
        self.phase = Phase(phase)
        super().__init__(f"private:{phase}:all", "Show all", emoji="📖")

    async def pressed(self, interaction: Interaction) -> None:
        """Turn the card into the list."""
        await redraw(interaction, await _list_here(interaction, self.phase, 0))


class AnotherPrivate(
    DojoButton,
    template=rf"private:(?P<phase>{PHASE}):another:(?P<seed>\d{{1,10}}):(?P<at>\d{{1,4}})",
):
    """One more of the same phase on a private card."""

    def __init__(self, phase: str, seed: str, at: str) -> None:
        self.phase = Phase(phase)
        self.loose = Loose(int(seed), int(at))
        super().__init__(f"private:{phase}:another:{seed}:{at}", "Another", emoji="🔄")

    async def pressed(self, interaction: Interaction) -> None:
        """Replace the question on the card."""
        await _another_in_place(interaction, self.phase, self.loose.next())


class OtherPhasePrivate(DojoMenu, template=r"private:phase:(?P<seed>\d{1,10}):(?P<at>\d{1,4})"):
    """Another phase on a private card."""

    def __init__(self, phases: Phases | None = None, seed: str = "0", at: str = "0") -> None:
        self.loose = Loose(int(seed), int(at))
        options = phase_options(phases) if phases else None
        super().__init__(f"private:phase:{seed}:{at}", "Other phase", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Replace the question on the card by one of that phase."""
        await _another_in_place(interaction, phase_of(choice), self.loose)


class ChoosePhase(DojoButton, template=rf"choose:(?P<phase>{PHASE}):(?P<show>channel|me)"):
    """A phase of the chooser."""

    def __init__(self, phase: str, show: str, *, label: str = "…") -> None:
        self.phase = Phase(phase)
        self.show = show
        super().__init__(f"choose:{phase}:{show}", label, emoji=EMOJI[self.phase])

    async def pressed(self, interaction: Interaction) -> None:
        """Give the question: on this card when private, else in the room."""
        place = await place_of(interaction)
        services = services_of(interaction)
        if place.dojo is None or self.show == "me" or place.is_coaching:
            await _another_in_place(interaction, self.phase, services.questions.begin_loose())
            return
        question = await services.questions.draw(place.dojo, self.phase, place.person)
        # Posting may have to wait for Discord's rate limit.
        await defer(interaction)
        await post_in_room(interaction, public_card(place, self.phase, question))
        note = f"Posted: “{safe(cut(unmarked(question), 120))}” Choose again for another one."
        await redraw(interaction, chooser_card(place.content, private=False, note=note))


class Share(
    DojoButton, template=rf"private:(?P<phase>{PHASE}):share:(?P<question_id>{QUESTION_ID})"
):
    """Posts the question of a private card in the room."""

    def __init__(self, question_id: str, phase: str, *, shared: bool = False) -> None:
        self.question_id = question_id
        self.phase = Phase(phase)
        super().__init__(
            f"private:{phase}:share:{question_id}",
            "Shared with the room" if shared else "Share with the room",
            emoji="📣",
            style=discord.ButtonStyle.secondary if shared else discord.ButtonStyle.primary,
            disabled=shared,
        )

    async def pressed(self, interaction: Interaction) -> None:
        """Post it once, and say on the private card that it is done."""
        place = await place_of(interaction)
        if place.dojo is None:
            raise DojoUnknown(interaction.channel_id or 0)
        place.dojo.check_may_ask(place.person)
        _check_of_the_round(place)
        question = place.content.bank.get(self.question_id)
        await defer(interaction)
        await post_in_room(
            interaction,
            public_card(place, self.phase, question),
            must_not_name=place.is_coaching,
        )
        done = private_card(place, self.phase, question, loose=Loose(0), share=True, shared=True)
        await redraw(interaction, done)


def _check_of_the_round(place: Place) -> None:
    """Raises NotInRound where a round goes on of which the person is none: nobody would know who.

    A facilitator may share a question, as they may visit a room.
    """
    round_ = place.round
    if round_ is None or not round_.has_begun or round_.takes_part(place.person.user_id):
        return
    if place.dojo is None or not place.dojo.is_facilitator(place.person):
        raise NotInRound("share")


class TurnPage(DojoButton, template=rf"list:(?P<phase>{PHASE}):(?P<page>-?\d{{1,3}})"):
    """Turns the list of a phase to a page."""

    def __init__(self, phase: str, page: str, *, label: str = "…") -> None:
        self.phase = Phase(phase)
        self.page = int(page)
        super().__init__(f"list:{phase}:{page}", label)

    async def pressed(self, interaction: Interaction) -> None:
        """Show that page."""
        await redraw(interaction, await _list_here(interaction, self.phase, self.page))


class TakeOne(DojoMenu, template=rf"list:(?P<phase>{PHASE}):take"):
    """Chooses one question of the list."""

    def __init__(
        self, phase: str, questions: tuple[Question, ...] = (), number_from: int = 1
    ) -> None:
        self.phase = Phase(phase)
        options = [
            discord.SelectOption(label=cut(f"{number}. {unmarked(q)}", 100), value=q.id)
            for number, q in enumerate(questions, number_from)
        ]
        super().__init__(f"list:{phase}:take", "Take one", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show that question alone, with all a private card offers."""
        place = await place_of(interaction)
        if place.dojo is not None:
            place.dojo.check_may_ask(place.person)
        question = place.content.bank.get(choice)
        loose = services_of(interaction).questions.begin_loose()
        view = private_card(place, self.phase, question, loose=loose, share=place.dojo is not None)
        await redraw(interaction, view)


class OtherPhaseOfList(DojoMenu, template=r"list:phase"):
    """The list of another phase."""

    def __init__(self, phases: Phases | None = None) -> None:
        options = phase_options(phases) if phases else None
        super().__init__("list:phase", "Other phase", options)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """Show the list of that phase."""
        await redraw(interaction, await _list_here(interaction, phase_of(choice), 0))


async def _list_here(interaction: Interaction, phase: Phase, page: int) -> View:
    place = await place_of(interaction)
    if place.dojo is not None:
        place.dojo.check_may_ask(place.person)
    return list_card(place.content, phase, page)


async def _another_in_place(interaction: Interaction, phase: Phase, loose: Loose) -> None:
    place = await place_of(interaction)
    questions = services_of(interaction).questions
    if place.dojo is None:
        question = questions.draw_loose(place.content, phase, loose)
        note = no_dojo_note(interaction)
        view = private_card(place, phase, question, loose=loose, note=note)
    else:
        question = await questions.draw(place.dojo, phase, place.person)
        view = private_card(place, phase, question, loose=loose, share=True)
    await redraw(interaction, view)
