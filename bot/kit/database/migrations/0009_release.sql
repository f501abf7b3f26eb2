-- Nothing shows before its time: what was promised when people were asked is kept with the round.

-- Whether the coach may learn which observer noted what; since then it may only become stricter.
ALTER TABLE rounds ADD COLUMN names_shown INTEGER NOT NULL DEFAULT 1 CHECK (names_shown IN (0, 1));
ALTER TABLE debriefs ADD COLUMN names_shown INTEGER NOT NULL DEFAULT 1
    CHECK (names_shown IN (0, 1));

-- What older rounds promised is known by what their dojo says, or said last; else names stay hidden.
UPDATE rounds SET names_shown = COALESCE(
    (SELECT d.names_shown FROM dojos AS d WHERE d.id = rounds.dojo_id), 0);
UPDATE debriefs SET names_shown = COALESCE(
    (SELECT r.names_shown FROM rounds AS r WHERE r.id = debriefs.round_id), 0);

-- What everybody was shown at the end of an evening, in counts without names: it changes only by
-- enough further rounds, so that nobody learns by subtraction what was said of a single one.
CREATE TABLE plenaries (
    gathering_id INTEGER PRIMARY KEY REFERENCES gatherings (id) ON DELETE CASCADE,
    rounds INTEGER NOT NULL,
    -- JSON: in how many rounds, by code and by phase.
    seen TEXT NOT NULL,
    heard TEXT NOT NULL
) STRICT;

-- Which rounds are in it.
CREATE TABLE plenary_rounds (
    round_id INTEGER PRIMARY KEY REFERENCES rounds (id) ON DELETE CASCADE,
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX plenary_rounds_of_gathering ON plenary_rounds (gathering_id);

-- For whom a report was made: a later contact does not see it. None: nobody sees it any more. Who
-- older reports were made for is not known, because the contact may have changed since.
ALTER TABLE reports ADD COLUMN contact_user_id INTEGER;

CREATE INDEX reports_of_contact ON reports (contact_user_id);

-- Someone would like to talk with the safety contact: not why, nor from which round.
CREATE TABLE talk_requests (
    id INTEGER PRIMARY KEY,
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    contact_user_id INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    -- When the contact was told.
    told_at INTEGER
) STRICT;

-- The start, and the nightly purge.
CREATE INDEX talk_requests_untold ON talk_requests (id) WHERE told_at IS NULL;
CREATE INDEX talk_requests_asked ON talk_requests (asked_at);
CREATE INDEX talk_requests_of_user ON talk_requests (user_id, asked_at);
CREATE INDEX talk_requests_of_contact ON talk_requests (contact_user_id);
CREATE INDEX talk_requests_of_dojo ON talk_requests (dojo_id);

-- Which round someone sits out, by its number; 0 for none.
ALTER TABLE gathering_people ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
