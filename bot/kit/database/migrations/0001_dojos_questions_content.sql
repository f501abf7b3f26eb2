-- What the bot needs to be set up and to give questions.

CREATE TABLE dojos (
    id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL UNIQUE,
    facilitator_role_id INTEGER,
    format_id TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    asking TEXT NOT NULL CHECK (asking IN ('everyone', 'facilitators')),
    set_up_at INTEGER NOT NULL,
    set_up_user_id INTEGER,
    -- A closed dojo keeps its settings and content: setting it up again brings them back.
    closed_at INTEGER
) STRICT;

CREATE INDEX dojos_of_guild ON dojos (guild_id);

-- The shuffle bag of a dojo and phase. `drawing` is a JSON list of question ids, of which the
-- first `position` are drawn; `deck` names the set of ids it was made from.
CREATE TABLE question_bags (
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    phase TEXT NOT NULL,
    deck TEXT NOT NULL,
    drawing TEXT NOT NULL,
    size INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND size),
    PRIMARY KEY (dojo_id, phase)
) STRICT;

-- The file of a dojo's own questions and signals, as it was imported.
CREATE TABLE own_contents (
    dojo_id INTEGER PRIMARY KEY REFERENCES dojos (id) ON DELETE CASCADE,
    toml TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    imported_user_id INTEGER
) STRICT;

-- Small facts the program keeps about itself, e.g. which command tree Discord has.
CREATE TABLE program_values (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
