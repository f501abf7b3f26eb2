"""The simulated Discord, seen from the rehearsal and from the tests.

SimCord runs the real discord.py against a Discord that lives in memory. What we
need beyond its public interface (a browser page for every channel, a person's
language, two people acting in the same moment, ...) reaches into its private
parts. All of that is in this package and nowhere else; ``contract.py`` lists
every private name used, and a test compares the list with the installed
version, so that an upgrade fails with a sentence instead of a riddle.

Importing this package imports SimCord, which comes with the ``try`` extra.
"""

from bot.rehearsal.simulation.bookkeeping import quick_bookkeeping
from bot.rehearsal.simulation.checking import quick_checking
from bot.rehearsal.simulation.contract import broken_names
from bot.rehearsal.simulation.copying import quick_copying
from bot.rehearsal.simulation.held_time import held_time, hold_far_timers
from bot.rehearsal.simulation.kit import (
    Payloads,
    deliver_any,
    deliver_together,
    forward,
    interaction_payloads,
    quick_settling,
    quiet_private_threads,
    restrict_bot,
)
from bot.rehearsal.simulation.locks import patient_locks
from bot.rehearsal.simulation.room import Room, Viewer
from bot.rehearsal.simulation.rooms import Rooms, room_key
from bot.rehearsal.simulation.speed import quick_rendering

__all__ = [
    "Payloads",
    "Room",
    "Rooms",
    "Viewer",
    "broken_names",
    "deliver_any",
    "deliver_together",
    "forward",
    "held_time",
    "hold_far_timers",
    "interaction_payloads",
    "patient_locks",
    "quick_bookkeeping",
    "quick_checking",
    "quick_copying",
    "quick_rendering",
    "quick_settling",
    "quiet_private_threads",
    "restrict_bot",
    "room_key",
]
