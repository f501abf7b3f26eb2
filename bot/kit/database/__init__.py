"""The database: its one writer, its readers, its migrations, and how values stand in it.

SQL stands here and in the stores of the features only. It is the subset that SQLite and PostgreSQL
share (`INSERT … ON CONFLICT … DO UPDATE`, `RETURNING`, ids made by the program, times as whole
seconds UTC), with `?` for parameters, so that a second driver can stand behind `Database`. Of
SQLite alone are the migrations (`STRICT`, numbers of 64 bits), the errors of the driver, and a few
statements that PostgreSQL wants with types.

Names tell what a column is: `*_at` is a time in seconds UTC, `*_user_id` is a person. Whatever has
a person in it is exported and forgotten by `bot.privacy.service.privacy`; a test holds us to it.
"""
