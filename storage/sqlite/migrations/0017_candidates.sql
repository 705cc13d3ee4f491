-- Feeds that a chat's list brought and that nobody has read yet: when all of a chat's were polled,
-- it is told which of them are feeds.
CREATE TABLE candidates (
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    feed_id   INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    thread_id INTEGER NOT NULL DEFAULT 0,
    at        REAL NOT NULL,
    PRIMARY KEY (chat_id, feed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidates_of_feed ON candidates (feed_id);
