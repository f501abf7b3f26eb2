-- Clients who let the coach's words be shown to the room with shared feedback. Without a row: no.
CREATE TABLE quote_permissions (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    given_ms INTEGER NOT NULL,
    PRIMARY KEY (round_id, user_id)
) STRICT;

CREATE INDEX quote_permissions_user ON quote_permissions (user_id);

-- The messages in the room in which the coach shared feedback, with spaces between their ids.
ALTER TABLE debriefs ADD COLUMN posts TEXT NOT NULL DEFAULT '';
