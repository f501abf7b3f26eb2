-- People who take no direct messages of the bot, so that it does not try again soon.
CREATE TABLE refused_messages (
    user_id INTEGER PRIMARY KEY,
    refused_at INTEGER NOT NULL
) STRICT;

CREATE INDEX refused_messages_at ON refused_messages (refused_at);
