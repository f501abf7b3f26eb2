-- How long names stay on rounds and evenings, and who has left a server.

ALTER TABLE dojos ADD COLUMN attendance_months INTEGER NOT NULL DEFAULT 24
    CHECK (attendance_months BETWEEN 1 AND 36);

-- What the dojo promised when the round or the evening began: it may keep names for less since
-- then, not for more. None for those from before there was a term: the dojo's own term holds.
ALTER TABLE rounds ADD COLUMN attendance_months INTEGER;
ALTER TABLE gatherings ADD COLUMN attendance_months INTEGER;

-- Who was found to have left a server: what is stored about them there is erased 30 days later.
CREATE TABLE departures (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    noticed_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT;

CREATE INDEX departures_user ON departures (user_id);
