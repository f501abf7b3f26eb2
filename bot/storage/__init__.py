"""The only SQL of the project: rows in, domain objects out.

The SQL is the subset that SQLite and PostgreSQL share (`INSERT … ON CONFLICT … DO UPDATE`,
`RETURNING`, ids made by the program, times as whole seconds UTC), with `?` for parameters, so a
second driver can stand behind `Database` without a store being rewritten.

Names tell what a column is: `*_at` is a time in seconds UTC, `*_user_id` is a person. Whatever
has a person in it is exported and forgotten by `bot.services.privacy`; a test holds us to it.
"""
