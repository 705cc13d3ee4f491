-- Which chats' people added a feed: they may take it out again, and are told of its troubles.
CREATE TABLE added_feeds (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at      REAL NOT NULL,
    PRIMARY KEY (feed_id, chat_id)
) STRICT, WITHOUT ROWID;
-- A guest is a feed that only chats added: it rings where it is followed by name, also when the
-- chat that added it is gone.
ALTER TABLE feeds ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;
CREATE INDEX added_feeds_of_chat ON added_feeds (chat_id);
CREATE INDEX subscriptions_of_feed ON subscriptions (feed_id) WHERE feed_id IS NOT NULL;

-- Where a feed says it is now, believed when polls agree over time; and since when its host says
-- that it is gone.
ALTER TABLE feeds ADD COLUMN moved_to TEXT;
ALTER TABLE feeds ADD COLUMN moved_since REAL;
ALTER TABLE feeds ADD COLUMN moved_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN moved_hinted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN gone_at REAL;

-- Addresses that feeds had: a list of feeds that still names one adds nothing.
CREATE TABLE former_addresses (
    url     TEXT PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX former_addresses_of_feed ON former_addresses (feed_id);

-- How often a feed has news: seconds from one entry to the next, and how many gaps say so.
ALTER TABLE feeds ADD COLUMN gaps REAL NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN gaps_seen INTEGER NOT NULL DEFAULT 0;

-- Chats that were told that a feed is in trouble, until they are told that it is well again.
CREATE TABLE told_troubles (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at      REAL NOT NULL,
    PRIMARY KEY (feed_id, chat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_troubles_of_chat ON told_troubles (chat_id);
