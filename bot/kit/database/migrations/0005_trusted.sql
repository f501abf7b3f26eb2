-- To whom a facilitator handed an evening by name: for that evening they may do what facilitators
-- may. Everybody else who looks after it does so by the rights they have at each press.
CREATE TABLE gathering_trusted (
    gathering_id INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (gathering_id, number)
) STRICT;

CREATE INDEX gathering_trusted_user ON gathering_trusted (user_id);

-- The part of a code is a short name. Longer ones were never offered to anybody.
UPDATE notes SET variant = '' WHERE length(variant) > 20;
