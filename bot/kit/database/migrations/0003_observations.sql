-- What observers note, what everybody judges, and what the coach gets of it.
-- Times of notes are milliseconds (of coaching, or UTC since 1970), as those of rounds are.

-- When this person last handed the coaching to somebody else: late taps are still about them.
ALTER TABLE round_people ADD COLUMN coached_until_ms INTEGER;

-- Who gets reports, how long words (days) and codes (months) are kept, whether coaches see names.
ALTER TABLE dojos ADD COLUMN safety_user_id INTEGER;
ALTER TABLE dojos ADD COLUMN quote_days INTEGER NOT NULL DEFAULT 30
    CHECK (quote_days BETWEEN 1 AND 90);
ALTER TABLE dojos ADD COLUMN code_months INTEGER NOT NULL DEFAULT 12
    CHECK (code_months BETWEEN 1 AND 24);
ALTER TABLE dojos ADD COLUMN names_shown INTEGER NOT NULL DEFAULT 1 CHECK (names_shown IN (0, 1));

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    -- The observer's number in round_people.
    seat INTEGER NOT NULL,
    -- None once this person has been forgotten.
    observer_user_id INTEGER,
    coach_user_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('seen', 'signal', 'question')),
    at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
    taken_ms INTEGER NOT NULL,
    phase TEXT,
    variant TEXT NOT NULL,
    -- Words of the coach, and what they did, as the observer typed them.
    quote TEXT NOT NULL,
    effect TEXT NOT NULL,
    verdict TEXT CHECK (verdict IN ('helpful', 'unclear')),
    withdrawn_ms INTEGER
) STRICT;

-- The only one: each would be written with every tap, and who asks for all of their notes waits.
CREATE INDEX notes_of_round ON notes (round_id);

CREATE TABLE sheets (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    seat INTEGER NOT NULL,
    user_id INTEGER,
    coach_user_id INTEGER NOT NULL,
    -- JSON: marks by code.
    marks TEXT NOT NULL,
    -- None for a draft.
    handed_in_ms INTEGER,
    PRIMARY KEY (round_id, seat, coach_user_id)
) STRICT;

CREATE INDEX sheets_user ON sheets (user_id);
CREATE INDEX sheets_coach ON sheets (coach_user_id);

CREATE TABLE client_views (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    chose TEXT NOT NULL CHECK (chose IN ('yes', 'partly', 'no')),
    heard TEXT NOT NULL CHECK (heard IN ('yes', 'partly', 'no')),
    recognised TEXT NOT NULL CHECK (recognised IN ('yes', 'partly', 'no')),
    is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
    given_ms INTEGER NOT NULL,
    PRIMARY KEY (round_id, user_id)
) STRICT;

CREATE INDEX rounds_of_room ON rounds (room_id);

CREATE INDEX client_views_user ON client_views (user_id);

CREATE TABLE debriefs (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    coach_user_id INTEGER NOT NULL,
    -- The signal list of that round as JSON: code, signal, counterpart.
    listed TEXT NOT NULL,
    reflected_ms INTEGER,
    skipped INTEGER NOT NULL CHECK (skipped IN (0, 1)),
    released_ms INTEGER,
    shared TEXT NOT NULL CHECK (shared IN ('', 'seen', 'all')),
    -- In the coach's own words.
    next_try TEXT NOT NULL,
    -- How long the dojo kept things when this began: it may keep them for less since, not for more.
    quote_days INTEGER NOT NULL,
    code_months INTEGER NOT NULL,
    PRIMARY KEY (round_id, coach_user_id),
    -- Nothing is released before the coach's own view, or its skip.
    CHECK (released_ms IS NULL OR reflected_ms IS NOT NULL)
) STRICT;

CREATE INDEX debriefs_coach ON debriefs (coach_user_id);

-- A note that somebody wants the dojo's safety contact to see.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    reporter_user_id INTEGER NOT NULL,
    reported_at INTEGER NOT NULL,
    -- When the contact was told that there is something.
    told_at INTEGER,
    UNIQUE (note_id, reporter_user_id)
) STRICT;

CREATE INDEX reports_of_reporter ON reports (reporter_user_id);

-- Guilds the bot is no longer in: what is theirs is erased some time later.
CREATE TABLE guild_removals (
    guild_id INTEGER PRIMARY KEY,
    removed_at INTEGER NOT NULL
) STRICT;
