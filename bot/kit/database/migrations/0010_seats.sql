-- Seats that change hands only by a press of one's own.

-- Has been the client of the round since its clock began, also before someone else was: the person who
-- was may erase it.
ALTER TABLE round_people ADD COLUMN may_erase INTEGER NOT NULL DEFAULT 0
    CHECK (may_erase IN (0, 1));
UPDATE round_people SET may_erase = 1 WHERE role = 'client'
    AND round_id IN (SELECT id FROM rounds WHERE began_ms IS NOT NULL);

-- Wished to only observe: is never named for the seat of coach or client.
ALTER TABLE round_people ADD COLUMN observes_only INTEGER NOT NULL DEFAULT 0
    CHECK (observes_only IN (0, 1));

-- Since when this person has been asked whether they are still there; none once they answered.
ALTER TABLE round_people ADD COLUMN doubted_ms INTEGER;

-- A seat that is offered to one person: which, to whom by their number in round_people, and
-- whether the clock was stopped for it.
ALTER TABLE rounds ADD COLUMN offered_role TEXT CHECK (offered_role IN ('coach', 'client'));
ALTER TABLE rounds ADD COLUMN offered_to INTEGER;
ALTER TABLE rounds ADD COLUMN offer_rests INTEGER NOT NULL DEFAULT 0
    CHECK (offer_rests IN (0, 1));

-- From now on nobody coaches or is the client without an answer. Who leads a round that is under
-- way took part without notes until now, as its card said; so they still do.
UPDATE round_people SET agreement = 'no-notes'
    WHERE agreement = 'open' AND is_here = 1 AND role <> 'observer'
    AND round_id IN (SELECT id FROM rounds WHERE state IN ('running', 'paused'));
