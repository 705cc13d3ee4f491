-- Which chats' people added a feed: they may take it out again, and are told of its troubles.
CREATE TABLE added_feeds (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at      REAL NOT NULL,
    PRIMARY KEY (feed_id, chat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX added_feeds_of_chat ON added_feeds (chat_id);
CREATE INDEX subscriptions_of_feed ON subscriptions (feed_id) WHERE feed_id IS NOT NULL;
