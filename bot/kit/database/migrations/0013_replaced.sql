-- Whether a person of an invitation is asked: 0 now; 1 replaced and not told so yet, 2 told;
-- 3 said no before a later card.
ALTER TABLE invited_people
    ADD COLUMN stands INTEGER NOT NULL DEFAULT 0 CHECK (stands BETWEEN 0 AND 3);
