-- Gatherings: evenings of a dojo, with who joined them, their groups and rooms.

-- Which gathering a round belongs to; none for rounds that were started by themselves.
ALTER TABLE rounds ADD COLUMN gathering_id INTEGER;

-- For the ledger and the next groups: all rounds of a dojo in the order in which they ended.
CREATE INDEX rounds_of_dojo ON rounds (dojo_id, ended_ms);

CREATE TABLE gatherings (
    id INTEGER PRIMARY KEY,
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    -- The whole format as JSON, as in rounds.
    format TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    facilitator_user_id INTEGER,
    rounds INTEGER NOT NULL,
    minutes INTEGER,
    places TEXT NOT NULL CHECK (places IN ('threads', 'voice')),
    voice_id INTEGER,
    grouping TEXT NOT NULL CHECK (grouping IN ('stay', 'fresh')),
    seats INTEGER NOT NULL,
    stage TEXT NOT NULL CHECK (
        stage IN ('open', 'boarding', 'running', 'returning', 'between', 'ended')
    ),
    number INTEGER NOT NULL,
    due_ms INTEGER,
    -- Groups as JSON; people by their number in gathering_people.
    draft TEXT,
    draw TEXT,
    closing TEXT,
    ended_ms INTEGER,
    card_id INTEGER,
    turn INTEGER NOT NULL,
    told_turn INTEGER NOT NULL,
    told_stage TEXT,
    version INTEGER NOT NULL,
    CHECK ((stage = 'ended') = (ended_ms IS NOT NULL)),
    CHECK ((stage = 'ended') = (closing IS NOT NULL))
) STRICT;

-- One open gathering for each dojo, whatever was looked at before.
CREATE UNIQUE INDEX gatherings_open ON gatherings (dojo_id) WHERE stage <> 'ended';

CREATE TABLE gathering_people (
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    -- None once this person has been forgotten.
    user_id INTEGER,
    joined_ms INTEGER NOT NULL,
    wish TEXT NOT NULL CHECK (wish IN ('any', 'coach', 'client', 'observe')),
    -- Codes with a space between them.
    languages TEXT NOT NULL,
    presence TEXT NOT NULL CHECK (presence IN ('in', 'waiting', 'left')),
    PRIMARY KEY (gathering_id, number)
) STRICT;

CREATE INDEX gathering_people_user ON gathering_people (user_id, gathering_id);

CREATE TABLE gathering_helpers (
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (gathering_id, number)
) STRICT;

CREATE INDEX gathering_helpers_user ON gathering_helpers (user_id);

CREATE TABLE gathering_rooms (
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('private-thread', 'public-thread', 'voice', 'here')),
    is_made INTEGER NOT NULL CHECK (is_made IN (0, 1)),
    round_id INTEGER,
    asked_ms INTEGER,
    -- Who asked for help, by their number in gathering_people.
    asked_guest INTEGER,
    PRIMARY KEY (gathering_id, number)
) STRICT;

-- What somebody wished when they last joined a gathering of this dojo.
CREATE TABLE member_wishes (
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    wish TEXT NOT NULL CHECK (wish IN ('any', 'coach', 'client', 'observe')),
    languages TEXT NOT NULL,
    PRIMARY KEY (dojo_id, user_id)
) STRICT;

-- With whom somebody does not want to be in a group. Seen by nobody but the one who said so.
CREATE TABLE kept_apart (
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    other_user_id INTEGER NOT NULL,
    PRIMARY KEY (dojo_id, user_id, other_user_id)
) STRICT;

CREATE INDEX kept_apart_user ON kept_apart (user_id);
CREATE INDEX kept_apart_other ON kept_apart (other_user_id);

-- What people said at the end of an evening: how useful it was, and a word. Without names.
CREATE TABLE check_outs (
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    -- None once the evening is over.
    user_id INTEGER,
    useful INTEGER NOT NULL,
    word TEXT NOT NULL,
    UNIQUE (gathering_id, user_id)
) STRICT;

CREATE INDEX check_outs_user ON check_outs (user_id);
