-- Asking people into rounds: where they are asked, what they want to be asked, and who comes late.

-- The channel in which the people of a round are asked; none where its room asks them itself.
ALTER TABLE rounds ADD COLUMN asking_channel_id INTEGER;

-- The client has let this person in, so they may come back without being asked about once more.
ALTER TABLE round_people ADD COLUMN let_in INTEGER NOT NULL DEFAULT 0 CHECK (let_in IN (0, 1));
-- Out of the round without having left it themselves: by a lost connection, or said by others.
ALTER TABLE round_people ADD COLUMN lost INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1));

-- Who would like to observe a round that has begun, until its coaching is over.
CREATE TABLE round_waiting (
    round_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    -- The message that asks the client.
    card_id INTEGER,
    has_gone INTEGER NOT NULL CHECK (has_gone IN (0, 1)),
    PRIMARY KEY (round_id, number)
) STRICT;

CREATE INDEX round_waiting_user ON round_waiting (user_id);

-- The cards that ask people into rounds. Not tied to the rounds: of one that never begins nothing
-- is kept, but its card still has to be closed.
CREATE TABLE invitations (
    round_id INTEGER PRIMARY KEY,
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    number INTEGER NOT NULL
) STRICT;

CREATE INDEX invitations_dojo ON invitations (dojo_id);

CREATE TABLE invited_people (
    round_id INTEGER NOT NULL REFERENCES invitations (round_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    -- None once this person has been erased.
    user_id INTEGER,
    role TEXT NOT NULL CHECK (role IN ('coach', 'client', 'observer')),
    is_brought INTEGER NOT NULL CHECK (is_brought IN (0, 1)),
    PRIMARY KEY (round_id, number)
) STRICT;

CREATE INDEX invited_people_user ON invited_people (user_id);

-- Who may ask a person into rounds. Without a row: anybody.
CREATE TABLE asking_choices (
    user_id INTEGER PRIMARY KEY,
    who TEXT NOT NULL CHECK (who IN ('evenings', 'nobody'))
) STRICT;
