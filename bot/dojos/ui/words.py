"""The settings of a dojo, in lines for cards and menus."""

from __future__ import annotations

from bot.content.model.formats import Format, minutes
from bot.dojos.model.dojo import DojoSettings
from bot.kit.discord.text import plural, safe_with_links, span


def format_facts(entry: Format) -> str:
    """`30 min, 18 coaching, 3–4 people`."""
    return (
        f"{minutes(entry.total)} min, {minutes(entry.coaching)} coaching,"
        f" {span(entry.fewest, entry.most)} people"
    )


def support_text(support_line: str) -> str:
    """Where people can turn when it gets too much, in the same words everywhere; may be empty."""
    return f"🛟 **Support line:** {safe_with_links(support_line)}" if support_line else ""


def privacy_lines(settings: DojoSettings) -> str:
    """A dojo's privacy settings, in lines."""
    contact = f"<@{settings.safety_user_id}>" if settings.safety_user_id else "nobody yet"
    names = "the coach sees who noted what" if settings.names_shown else "“an observer”"
    support = safe_with_links(settings.support_line) or (
        "none yet. It tells people where they can turn when it gets too much."
    )
    return (
        f"**Safety contact:** {contact}\n"
        f"**Support line:** {support}\n"
        f"**Notes:** words kept {plural(settings.quote_days, 'day')}, codes"
        f" {plural(settings.feedback_months, 'month')}; {names}\n"
        "**Names:** on rounds and evenings for"
        f" {plural(settings.attendance_months, 'month')}"
    )
