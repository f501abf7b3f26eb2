"""Who may do what in a dojo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dojos.model.dojo import Asking, Dojo, DojoSettings, check_may_set_up, read_support_line
from bot.dojos.model.refusals import NotAllowed, SupportLineTooLong
from bot.kit.person import Person

ROLE = 77
GUILD, CHANNEL = 20, 30
MANAGER = Person(1, GUILD, managed=frozenset({CHANNEL}))
FACILITATOR = Person(2, GUILD, frozenset({5, ROLE}))
MEMBER = Person(3, GUILD, frozenset({5}))


def dojo(role: int | None = ROLE, asking: Asking = Asking.EVERYONE) -> Dojo:
    settings = DojoSettings(facilitator_role_id=role, asking=asking)
    return Dojo(10, GUILD, CHANNEL, settings, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("person", [MANAGER, FACILITATOR])
def test_a_person_who_manages_channels_or_has_the_role_is_a_facilitator(person):
    assert dojo().is_facilitator(person)
    dojo().check_may_configure(person)


def test_a_member_may_not_configure_and_learns_which_role_may():
    with pytest.raises(NotAllowed) as refused:
        dojo().check_may_configure(MEMBER)
    assert refused.value == NotAllowed("configure", ROLE)


@pytest.mark.parametrize("person", [MEMBER, Person(4)])
def test_without_a_facilitator_role_only_managers_are_facilitators(person):
    assert not dojo(role=None).is_facilitator(person)
    assert dojo(role=None).is_facilitator(MANAGER)


@pytest.mark.parametrize("person", [MANAGER, FACILITATOR, MEMBER, Person(4)])
def test_everyone_may_ask_where_asking_is_for_everyone(person):
    dojo().check_may_ask(person)


@pytest.mark.parametrize("person", [MANAGER, FACILITATOR])
def test_facilitators_may_ask_where_asking_is_for_them(person):
    dojo(asking=Asking.FACILITATORS).check_may_ask(person)


def test_a_member_may_not_ask_where_asking_is_for_facilitators():
    with pytest.raises(NotAllowed) as refused:
        dojo(asking=Asking.FACILITATORS).check_may_ask(MEMBER)
    assert refused.value == NotAllowed("ask", ROLE)


def test_a_new_dojo_is_made_by_who_manages_channels():
    check_may_set_up(CHANNEL, MANAGER)


@pytest.mark.parametrize("person", [FACILITATOR, MEMBER])
def test_a_role_of_another_dojo_is_no_right_to_make_a_new_one(person):
    with pytest.raises(NotAllowed) as refused:
        check_may_set_up(CHANNEL, person)
    assert refused.value == NotAllowed("configure", None)


def test_a_support_line_is_one_line_of_what_can_be_seen_and_is_never_cut():
    """H13: what cannot be seen does not count."""
    assert read_support_line(" Ana\r\n\u200b call\u202e 116\t123 ") == "Ana call 116 123"
    assert read_support_line("\u200b \u2800\n") == ""
    assert read_support_line("\u200b" + "a" * 200) == "a" * 200
    with pytest.raises(SupportLineTooLong) as refused:
        read_support_line("a" * 201)
    assert refused.value == SupportLineTooLong(201, 200)
