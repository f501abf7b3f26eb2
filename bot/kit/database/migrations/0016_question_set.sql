-- Which of the shipped questions a dojo uses: all, or only those of the founding article.
ALTER TABLE dojos ADD COLUMN question_set TEXT NOT NULL DEFAULT 'all'
    CHECK (question_set IN ('all', 'article'));
