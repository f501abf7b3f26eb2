-- Questions that a person does not want to be given again in a dojo.
CREATE TABLE set_aside_questions (
    dojo_id INTEGER NOT NULL REFERENCES dojos (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    question TEXT NOT NULL,
    PRIMARY KEY (dojo_id, user_id, question)
) STRICT;

CREATE INDEX set_aside_questions_user ON set_aside_questions (user_id);
