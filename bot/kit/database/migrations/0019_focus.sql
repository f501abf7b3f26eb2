-- The signals that observers watch for in a dojo where the coach has named none: codes, with spaces.
ALTER TABLE dojos ADD COLUMN usual_focus TEXT NOT NULL DEFAULT '';
