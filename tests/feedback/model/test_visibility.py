"""Who may see what, cell by cell."""

from __future__ import annotations

from itertools import product

from bot.feedback.model.visibility import Data, Viewer, may_see, names_observers

# Every way the three flags can stand, by their first letters: Own, Released, Shared; - is none.
WAYS = {
    "-": {},
    "O": {"is_own": True},
    "R": {"is_released": True},
    "S": {"is_shared": True},
    "OR": {"is_own": True, "is_released": True},
    "OS": {"is_own": True, "is_shared": True},
    "RS": {"is_released": True, "is_shared": True},
    "ORS": {"is_own": True, "is_released": True, "is_shared": True},
}
NEVER = ""
ALWAYS = "- O R S OR OS RS ORS"

# In the order of the columns: coach, client, observer, facilitator, admin, others.
SHOWN = {
    "notes": ("R OR RS ORS", NEVER, "O OR OS ORS", "RS ORS", NEVER, NEVER),
    "self-sheet": ("O OR OS ORS", NEVER, NEVER, "S OS RS ORS", NEVER, NEVER),
    "client-items": ("RS ORS", "O OR OS ORS", NEVER, NEVER, NEVER, NEVER),
    "roles-and-minutes": ("O OR OS ORS", "O OR OS ORS", "O OR OS ORS", ALWAYS, ALWAYS, NEVER),
    "agreement": (NEVER, NEVER, "OR ORS", NEVER, NEVER, NEVER),
    "dojo-agreement": (NEVER, NEVER, NEVER, ALWAYS, NEVER, NEVER),
    "minutes-log": ("O OR OS ORS", "O OR OS ORS", "O OR OS ORS", NEVER, NEVER, NEVER),
}
COLUMNS = ("coach", "client", "observer", "facilitator", "admin", "other")
CELLS = [
    (data, viewer, shown)
    for data, row in SHOWN.items()
    for viewer, shown in zip(COLUMNS, row, strict=True)
]


def test_a_cell_of_the_table_shows_what_it_says_and_nothing_else():
    seen = [
        (data, viewer, [way for way in WAYS if may_see(Data(data), Viewer(viewer), **WAYS[way])])
        for data, viewer, _ in CELLS
    ]
    assert seen == [(data, viewer, shown.split()) for data, viewer, shown in CELLS]


def test_the_cells_above_are_all_there_are():
    assert {(data, viewer) for data, viewer, _ in CELLS} == set(product(Data, Viewer))


def ways_to_see(data, viewer, **known):
    """All ways in which the flags not given could make the data visible."""
    fits = [way for way in WAYS.values() if all(way.get(k, False) == v for k, v in known.items())]
    return [way for way in fits if may_see(data, viewer, **way)]


def test_nobody_but_the_coach_sees_the_notes_of_others_before_they_are_shared():
    for viewer in set(Viewer) - {Viewer.COACH}:
        assert not ways_to_see(Data.NOTES, viewer, is_own=False, is_shared=False)


def test_not_even_the_coach_sees_notes_before_the_release():
    assert not ways_to_see(Data.NOTES, Viewer.COACH, is_released=False)


def test_notes_shared_before_the_release_stay_hidden_from_the_facilitator():
    assert not may_see(Data.NOTES, Viewer.FACILITATOR, is_shared=True)


def test_an_observer_sees_their_own_notes_at_any_time_and_nobody_elses():
    assert len(ways_to_see(Data.NOTES, Viewer.OBSERVER, is_own=True)) == 4
    assert not ways_to_see(Data.NOTES, Viewer.OBSERVER, is_own=False)


def test_the_client_sees_nothing_that_is_about_the_coach():
    for data in (Data.NOTES, Data.SELF_SHEET, Data.AGREEMENT):
        assert not ways_to_see(data, Viewer.CLIENT)


def test_the_coach_sees_the_items_of_the_client_only_when_the_client_shares_them():
    assert not ways_to_see(Data.CLIENT_ITEMS, Viewer.COACH, is_shared=False)
    assert may_see(Data.CLIENT_ITEMS, Viewer.COACH, is_released=True, is_shared=True)


def test_a_facilitator_never_sees_the_items_of_a_client():
    assert not ways_to_see(Data.CLIENT_ITEMS, Viewer.FACILITATOR)


def test_a_facilitator_sees_agreement_of_the_dojo_but_of_no_single_observer():
    assert may_see(Data.DOJO_AGREEMENT, Viewer.FACILITATOR)
    assert not ways_to_see(Data.AGREEMENT, Viewer.FACILITATOR)


def test_an_administrator_of_the_server_sees_no_notes():
    assert not ways_to_see(Data.NOTES, Viewer.ADMIN)


def test_an_administrator_of_the_server_sees_roles_and_minutes_and_nothing_else():
    assert [data for data in Data if ways_to_see(data, Viewer.ADMIN)] == [Data.ROLES_AND_MINUTES]


def test_a_person_who_has_no_part_sees_nothing_at_all():
    assert not [data for data in Data if ways_to_see(data, Viewer.OTHER)]


def test_a_log_of_minutes_is_seen_by_nobody_whose_own_it_is_not():
    for viewer in Viewer:
        assert not ways_to_see(Data.MINUTES_LOG, viewer, is_own=False)


def test_only_the_coach_learns_who_noted_what_and_only_if_names_never_were_hidden():
    """S6: hidden once, hidden for good; and shown to nobody but the coach."""
    shown = [
        (viewer, was, now)
        for viewer, was, now in product(Viewer, (True, False), (True, False))
        if names_observers(viewer, was_shown=was, is_shown=now)
    ]

    assert shown == [(Viewer.COACH, True, True)]
