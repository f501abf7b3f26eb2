"""Setting up a dojo: the form, the card of its settings, and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import discord

from bot.content.model.content import Content
from bot.content.model.questions import FROM_ARTICLE, Origin, QuestionSet
from bot.dojos.actions import (
    BRING_BACK,
    CHECK,
    CHOOSE_FOCUS,
    CHOOSE_QUESTIONS,
    CHOOSE_ZONE,
    CONFIRM_STOP,
    KEEP_DOJO,
    OPEN_PRIVACY,
    OPEN_SETUP,
    OPEN_SUPPORT,
    POST_CARD,
    SETUP_FORM,
    STOP_DOJO,
)
from bot.dojos.model.dojo import MOST_FOCUS, Asking, Dojo, DojoSettings
from bot.dojos.model.refusals import UnknownTimeZone
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import GUESS_BY_LOCALE
from bot.dojos.ui.checks import ACCENT, contact_warning, problems
from bot.dojos.ui.places import check_facilitates, dojo_channel
from bot.dojos.ui.words import format_facts, privacy_lines
from bot.kit.discord.actions import (
    FormShown,
    Style,
    field,
    menu_field,
    option,
    radio_field,
    text_field,
)
from bot.kit.discord.answers import redraw, reply, show_form
from bot.kit.discord.cards import Component, Part, card, line, row
from bot.kit.discord.forms import Typed, choice, one, roles
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import cut, joined, moment, plural, safe
from bot.kit.requests.voice_rights import voice_lines

LONGEST_ZONE = 60

UNREVIEWED = "not yet reviewed by coaches"
ASKING = {
    Asking.EVERYONE: ("Everyone", "Whoever can use commands in this channel"),
    Asking.FACILITATORS: ("Facilitators only", "People with the role, and who manages channels"),
}


def setup_form(
    channel_id: int, settings: DojoSettings, content: Content, languages: Mapping[str, Content]
) -> FormShown:
    """All settings of a dojo in one form."""
    usual = content.format_or_default(settings.format_id)
    role_id = settings.facilitator_role_id
    return SETUP_FORM.form(
        field(
            "Facilitators",
            discord.ui.RoleSelect(
                custom_id="role",
                placeholder="No role: only who manages channels",
                min_values=0,
                required=False,
                default_values=[discord.Object(role_id)] if role_id else [],
            ),
            description="People with this role look after this dojo and may change its settings.",
        ),
        menu_field(
            "Usual format of a round",
            "format",
            [(one.id, one.name, cut(format_facts(one), 100)) for one in content.formats.values()],
            [usual.id],
        ),
        menu_field(
            "Language of the questions",
            "language",
            [
                (one.language, one.language_name, "" if one.reviewed else UNREVIEWED)
                for one in languages.values()
            ],
            [settings.language],
        ),
        radio_field(
            "Who may ask for questions",
            "asking",
            [(asking.value, *texts) for asking, texts in ASKING.items()],
            settings.asking.value,
        ),
        text_field(
            "Time zone",
            "zone",
            most=LONGEST_ZONE,
            filled=settings.time_zone,
            required=True,
            description="The nearest large city, often the capital, e.g. Rome or Europe/Rome.",
        ),
        channel_id=channel_id,
    )


@SETUP_FORM.submitted
async def save_setup(interaction: Interaction, typed: Typed, channel_id: int) -> None:
    """Save all of it. An unknown time zone only leaves the time zone unchanged."""
    services = services_of(interaction)
    known = services[DojoService].known(channel_id, interaction.guild_id)
    before = _settings_of(known, interaction)
    content = await _content_of(interaction, known, before)
    formats = {before.format_id, *content.formats}
    languages = {
        before.language,
        *(one.language for one in services[ContentService].library.values()),
    }
    entered = replace(
        before,
        facilitator_role_id=next(iter(roles(interaction, typed, "role")), None),
        format_id=choice(typed, "format", formats, before.format_id),
        language=choice(typed, "language", languages, before.language),
        asking=Asking(choice(typed, "asking", set(Asking), before.asking.value)),
        time_zone=one(typed, "zone", before.time_zone),
    )
    is_new = services[DojoService].find(channel_id) is None
    unknown: UnknownTimeZone | None = None
    try:
        await services[DojoService].zones.resolve(entered.time_zone)
    except UnknownTimeZone as error:
        unknown = error
        entered = replace(entered, time_zone=before.time_zone)
    # The form is only opened in a server.
    guild_id = cast("int", interaction.guild_id)
    dojo = await services[DojoService].set_up(
        guild_id, channel_id, entered, person_of(interaction), before=before
    )
    title = "This channel is a dojo now" if is_new else "Saved"
    if unknown is not None:
        title += ", except the time zone" if not is_new else ""
    view = await settings_card(interaction, dojo, title=title, unknown=unknown)
    await reply(interaction, view)


def _settings_of(dojo: Dojo | None, interaction: Interaction) -> DojoSettings:
    """The settings of a dojo, or those before it was closed, or a good start for a new one."""
    if dojo is not None:
        return dojo.settings
    locale = str(interaction.guild_locale or interaction.locale)
    return DojoSettings(
        language=services_of(interaction)[ContentService].for_locale(locale).language,
        time_zone=GUESS_BY_LOCALE.get(locale, "UTC"),
    )


async def _content_of(
    interaction: Interaction, dojo: Dojo | None, settings: DojoSettings
) -> Content:
    """The words a dojo works with, or those a new one would begin with."""
    contents = services_of(interaction)[ContentService]
    return contents.shipped(settings.language) if dojo is None else await contents.of_dojo(dojo)


async def open_form(interaction: Interaction, *, zone: str | None = None) -> None:
    """Open the form for this channel, filled with the present settings. Raises NotAllowed."""
    services = services_of(interaction)
    channel_id = dojo_channel(interaction)
    check_facilitates(interaction)
    known = services[DojoService].known(channel_id, interaction.guild_id)
    settings = _settings_of(known, interaction)
    content = await _content_of(interaction, known, settings)
    if zone:
        settings = replace(settings, time_zone=zone[:LONGEST_ZONE])
    role_id, guild = settings.facilitator_role_id, interaction.guild
    if role_id and guild is not None and guild.roles and guild.get_role(role_id) is None:
        # Discord refuses a form that preselects a deleted role.
        settings = replace(settings, facilitator_role_id=None)
    form = setup_form(channel_id, settings, content, services[ContentService].library)
    await show_form(interaction, form)


async def settings_card(
    interaction: Interaction,
    dojo: Dojo,
    *,
    title: str = "Settings of this dojo",
    unknown: UnknownTimeZone | None = None,
) -> View:
    """The settings of a dojo, and what can be done about them. Raises NotAllowed."""
    dojo.check_may_configure(person_of(interaction))
    services = services_of(interaction)
    command = client_of(interaction).mention_command
    settings = dojo.settings
    content = await services[ContentService].of_dojo(dojo)
    shipped = services[ContentService].shipped(settings.language)
    usual = content.format_or_default(settings.format_id)
    role_id = settings.facilitator_role_id
    by = f" by <@{dojo.set_up_user_id}>" if dojo.set_up_user_id else ""
    parts: list[Part] = [
        f"## {title}",
        (
            f"**Channel:** <#{dojo.channel_id}>\n"
            f"**Facilitators:** {f'<@&{role_id}>' if role_id else 'whoever manages channels'}\n"
            f"**Usual format:** {safe(usual.name)} · {format_facts(usual)}\n"
            f"**Language:** {safe(content.language_name)}\n"
            f"**Questions for:** {ASKING[settings.asking][0].lower()}\n"
            f"**Question set:** {_questions_used(content, settings.question_set)}\n"
            f"**Usual focus:** {_focus_text(content, settings)}\n"
            f"**Time zone:** {settings.time_zone}\n"
            f"{privacy_lines(settings)}"
        ),
        f"-# Set up {moment(dojo.set_up_at, 'D')}{by}",
    ]
    if unknown is not None:
        parts += [line(), *_zone_help(unknown, settings.time_zone, dojo.channel_id)]
    missing = problems(interaction)
    in_voice = voice_lines(interaction.guild, dojo.channel_id)
    focuses = _focuses(content, settings)
    parts.append(line())
    if missing:
        parts.append(
            f"⚠️ {plural(len(missing), 'permission')} missing ({joined(missing)}):"
            f" {command('dojo check')} says what for."
        )
    if in_voice:
        parts.append("\n".join(in_voice))
    if not missing and not in_voice:
        parts.append("✅ No permission is missing.")
    contact = OPEN_PRIVACY.button()
    if warning := await contact_warning(interaction, dojo):
        parts.append(warning)
        contact = OPEN_PRIVACY.button(style=Style.primary)
    parts.append(f"Try it: {command('question')}")
    if role_id:
        parts.append(
            "-# So that facilitators without Manage Channels see the `/dojo` commands: Server"
            " Settings → Integrations → this app → /dojo → add their role."
        )
    parts += [
        row(CHOOSE_QUESTIONS.menu(_question_sets(shipped, settings.question_set))),
        row(CHOOSE_FOCUS.menu(focuses, fewest=0, most=min(MOST_FOCUS, len(focuses)))),
        row(OPEN_SETUP.button(style=Style.secondary), contact, OPEN_SUPPORT.button()),
        row(POST_CARD.button(), CHECK.button(), STOP_DOJO.button()),
    ]
    return card(*parts, accent=ACCENT)


def _questions_used(content: Content, question_set: QuestionSet) -> str:
    """Which of the shipped questions a dojo uses, and how many of its own."""
    own = _count(content, Origin.OWN)
    said = f"all {len(content.bank.questions) - own}"
    if question_set is QuestionSet.ARTICLE:
        said = f"only the article’s {_count(content, Origin.ADAPTED)} {FROM_ARTICLE}"
    return f"{said}, and {own} of this dojo" if own else said


def _question_sets(shipped: Content, chosen: QuestionSet) -> list[Component]:
    """The sets to choose from."""
    count, adapted = len(shipped.bank.questions), _count(shipped, Origin.ADAPTED)
    texts = {
        QuestionSet.ALL: (
            f"All {count} questions",
            f"The article’s {adapted} {FROM_ARTICLE} and {count - adapted} more",
        ),
        QuestionSet.ARTICLE: (
            f"Only the article’s {adapted} {FROM_ARTICLE}",
            "After “What does partnership mean in coaching?”; this dojo’s own questions stay",
        ),
    }
    return [
        option(label, one.value, description=about, is_chosen=one is chosen)
        for one, (label, about) in texts.items()
    ]


def _count(content: Content, origin: Origin) -> int:
    return sum(question.origin is origin for question in content.bank.questions)


@CHOOSE_QUESTIONS.chosen
async def save_question_set(interaction: Interaction, choice: str) -> None:
    """Save which questions the dojo uses, and show the settings."""
    dojos = services_of(interaction)[DojoService]
    dojo = await dojos.change(
        dojos.get(dojo_channel(interaction)),
        lambda settings: replace(settings, question_set=QuestionSet(choice)),
        person_of(interaction),
    )
    await redraw(interaction, await settings_card(interaction, dojo, title="Saved"))


def _focus_text(content: Content, settings: DojoSettings) -> str:
    """What observers watch for where a coach has said nothing else."""
    known = {one.code: one for one in content.signals.signals}
    named = [
        f"{code} {safe(known[code].counterpart.name)}" if code in known else safe(code)
        for code in settings.usual_focus
    ]
    return f"{joined(named)}, unless the coach says otherwise" if named else "what the coach says"


def _focuses(content: Content, settings: DojoSettings) -> list[Component]:
    """The signals to choose from."""
    return [
        option(
            cut(f"{one.code} {one.counterpart.name}", 100),
            one.code,
            description=cut(one.name, 100),
            is_chosen=one.code in settings.usual_focus,
        )
        for one in content.signals.signals
    ]


@CHOOSE_FOCUS.chosen
async def save_focus(interaction: Interaction, choices: list[str]) -> None:
    """Save what observers watch for in rounds from now on, and show the settings."""
    dojos = services_of(interaction)[DojoService]
    dojo = await dojos.change(
        dojos.get(dojo_channel(interaction)),
        lambda settings: replace(settings, usual_focus=tuple(choices)[:MOST_FOCUS]),
        person_of(interaction),
    )
    await redraw(interaction, await settings_card(interaction, dojo, title="Saved"))


def _zone_help(unknown: UnknownTimeZone, kept: str, channel_id: int) -> list[Part]:
    text = (
        f"⚠️ I do not know the time zone “{cut(safe(unknown.name), 60)}”, so it stays {kept}."
        " Everything else is saved."
    )
    if not unknown.nearest:
        return [text + " Press **Change** and enter a city, e.g. Rome."]
    zones = [option(zone, zone) for zone in unknown.nearest]
    return [f"{text} Is it one of these?", row(CHOOSE_ZONE.menu(zones, channel_id=channel_id))]


@OPEN_SETUP.pressed
async def open_setup(interaction: Interaction) -> None:
    """Open the form for this channel."""
    await open_form(interaction)


@CHOOSE_ZONE.chosen
async def save_zone(interaction: Interaction, choice: str, channel_id: int) -> None:
    """Save the time zone and show the settings."""
    dojos = services_of(interaction)[DojoService]
    dojo = await dojos.change(
        dojos.get(channel_id),
        lambda settings: replace(settings, time_zone=choice),
        person_of(interaction),
    )
    await redraw(interaction, await settings_card(interaction, dojo, title="Saved"))


@CONFIRM_STOP.pressed
async def stop(interaction: Interaction) -> None:
    """Close the dojo, and say how to get it back."""
    dojos = services_of(interaction)[DojoService]
    dojo = await dojos.close(dojo_channel(interaction), person_of(interaction))
    setup = client_of(interaction).mention_command("dojo setup")
    view = card(
        f"<#{dojo.channel_id}> is no longer a dojo. {setup} brings it back as it was.",
        row(BRING_BACK.button()),
    )
    await redraw(interaction, view)


@BRING_BACK.pressed
async def bring_back(interaction: Interaction) -> None:
    """Open the closed dojo again with the settings it had."""
    dojos = services_of(interaction)[DojoService]
    channel_id = dojo_channel(interaction)
    had = _settings_of(dojos.known(channel_id, interaction.guild_id), interaction)
    dojo = await dojos.set_up(
        cast("int", interaction.guild_id), channel_id, had, person_of(interaction), before=had
    )
    await redraw(interaction, await settings_card(interaction, dojo, title="Back as it was"))


@KEEP_DOJO.pressed
async def keep_dojo(interaction: Interaction) -> None:
    """Go back to the settings."""
    dojo = services_of(interaction)[DojoService].get(dojo_channel(interaction))
    await redraw(interaction, await settings_card(interaction, dojo))
