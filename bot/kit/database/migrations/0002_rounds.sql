-- Practice rounds and the people in them. Moments are milliseconds UTC since 1970 (*_ms), because
-- a clock that is stopped and started must not lose parts of a second.

CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    room TEXT NOT NULL CHECK (room IN ('private-thread', 'public-thread', 'voice', 'here')),
    -- The whole format as JSON: editing a format changes no round.
    format TEXT NOT NULL,
    starter_user_id INTEGER,
    proposed_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'running', 'paused', 'ended')),
    position INTEGER NOT NULL,
    length_ms INTEGER NOT NULL,
    ran_ms INTEGER NOT NULL,
    since_ms INTEGER,
    began_ms INTEGER,
    -- How long each earlier segment ran, as a JSON list of milliseconds.
    past TEXT NOT NULL,
    extensions INTEGER NOT NULL,
    paused_ms INTEGER,
    asked TEXT,
    ending TEXT,
    ended_ms INTEGER,
    turn INTEGER NOT NULL,
    -- What the room has not been told yet; people by their number in round_people.
    actions TEXT NOT NULL,
    told_position INTEGER NOT NULL,
    told_cue INTEGER NOT NULL,
    told_turn INTEGER NOT NULL,
    told_asked TEXT,
    told_ended INTEGER NOT NULL CHECK (told_ended IN (0, 1)),
    card_id INTEGER,
    card_losses INTEGER NOT NULL,
    refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
    version INTEGER NOT NULL,
    CHECK ((state = 'running') = (since_ms IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_ms IS NOT NULL)),
    CHECK ((state = 'ended') = (ending IS NOT NULL))
) STRICT;

CREATE INDEX rounds_open ON rounds (state) WHERE state <> 'ended' OR told_ended = 0;

CREATE TABLE round_people (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    -- None once this person has been forgotten.
    user_id INTEGER,
    role TEXT NOT NULL CHECK (role IN ('coach', 'client', 'observer')),
    agreement TEXT NOT NULL CHECK (agreement IN ('open', 'notes', 'no-notes')),
    is_here INTEGER NOT NULL CHECK (is_here IN (0, 1)),
    coached_ms INTEGER NOT NULL,
    has_coached INTEGER NOT NULL CHECK (has_coached IN (0, 1)),
    -- Codes with a space between them.
    focus TEXT NOT NULL,
    wish TEXT NOT NULL,
    in_voice INTEGER NOT NULL CHECK (in_voice IN (0, 1)),
    away_ms INTEGER,
    PRIMARY KEY (round_id, number)
) STRICT;

CREATE INDEX round_people_user ON round_people (user_id);
