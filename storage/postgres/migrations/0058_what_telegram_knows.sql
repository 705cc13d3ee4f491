-- What a bot says of itself on Telegram, by what it is and in which language: a hash of it, so that
-- it is sent again only where it changed.
CREATE TABLE introductions (
    bot_id   BIGINT NOT NULL,
    what     TEXT NOT NULL,
    language TEXT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (bot_id, what, language)
);
