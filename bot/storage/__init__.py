"""The only SQL of the project: rows in, domain objects out.

The SQL is the subset that SQLite and PostgreSQL share (`INSERT … ON CONFLICT … DO UPDATE`,
`RETURNING`, ids made by the program, times as whole seconds UTC), with `?` for parameters, so that
a second driver can stand behind `Database`. Of SQLite alone are the migrations (`STRICT`, numbers
of 64 bits), the errors of the driver, and a few statements that PostgreSQL wants with types.

Names tell what a column is: `*_at` is a time in seconds UTC, `*_user_id` is a person. Whatever
has a person in it is exported and forgotten by `bot.services.privacy`; a test holds us to it.
"""
