-- What exports, erasing, the last card of an evening, the start and the nightly purge look for,
-- so that none of them reads whole tables.

-- Everything about one person. The first two are written with every tap, and are worth it: without
-- them an export or an erasure reads every note of every dojo. The round stands behind the person,
-- so that the notes of one person in one round are found without all of their others.
CREATE INDEX notes_of_observer ON notes (observer_user_id, round_id);
CREATE INDEX notes_of_coach ON notes (coach_user_id, round_id);
CREATE INDEX rounds_of_starter ON rounds (starter_user_id);
CREATE INDEX gatherings_of_facilitator ON gatherings (facilitator_user_id);
CREATE INDEX member_wishes_user ON member_wishes (user_id);

-- A tap asks whether a person is in a round: not for all of their rounds.
DROP INDEX round_people_user;
CREATE INDEX round_people_user ON round_people (user_id, round_id);
DROP INDEX gathering_helpers_user;
CREATE INDEX gathering_helpers_user ON gathering_helpers (user_id, gathering_id);
DROP INDEX gathering_trusted_user;
CREATE INDEX gathering_trusted_user ON gathering_trusted (user_id, gathering_id);

-- The purge: words that are still there. A tap without words does not touch it.
CREATE INDEX notes_with_words ON notes (round_id) WHERE quote <> '' OR effect <> '';

-- The rounds of an evening, and the evenings of a dojo, also when a dojo is deleted.
CREATE INDEX rounds_of_gathering ON rounds (gathering_id);
CREATE INDEX gatherings_of_dojo ON gatherings (dojo_id, opened_ms);

-- The start: evenings that are not over, or whose dojo has not been told; reports not yet told.
CREATE INDEX gatherings_untold ON gatherings (stage)
    WHERE stage <> 'ended' OR COALESCE(told_stage, '') <> 'ended';
CREATE INDEX reports_untold ON reports (note_id) WHERE told_at IS NULL;
