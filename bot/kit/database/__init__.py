"""The database: one writer, several readers, migrations, and how values are stored.

SQL is found here and in the stores of the features only. It is the subset that SQLite and
PostgreSQL share (`INSERT … ON CONFLICT … DO UPDATE`, `RETURNING`, ids made by the program, times as
whole seconds UTC), with `?` for parameters, so that a second driver can be put behind `Database`.
Only for SQLite are the migrations (`STRICT`, numbers of 64 bits), the errors of the driver, and a
few statements that PostgreSQL wants with types.

Names of columns say what they contain: `*_at` is a time in seconds UTC, `*_user_id` is a person. A
test checks that `bot.privacy.service.privacy` exports and forgets every column with a person.
"""
