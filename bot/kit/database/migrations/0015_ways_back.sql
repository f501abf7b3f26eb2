-- Rounds that follow one another, and a part that was left too early.

-- Where Next was pressed, as JSON, for as long as that can be taken back; else empty.
ALTER TABLE rounds ADD COLUMN way_back TEXT NOT NULL DEFAULT '';
-- Whether the people of a round that has ended are asked into another one, in the same room.
ALTER TABLE rounds ADD COLUMN is_again INTEGER NOT NULL DEFAULT 0 CHECK (is_again IN (0, 1));
