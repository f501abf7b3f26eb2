-- Where people of a dojo's community can turn when it gets too much.

-- Empty where the dojo says nothing about it. One line as it was typed, without who typed it.
ALTER TABLE dojos ADD COLUMN support_line TEXT NOT NULL DEFAULT '';
