-- How much of its quota a guest has used up, and how many of its entries were left out in all.
CREATE TABLE feed_intake (
    feed_id  INTEGER PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
    spent    REAL NOT NULL,
    at       REAL NOT NULL,
    left_out INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE chat_intake (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    spent   REAL NOT NULL,
    at      REAL NOT NULL
) STRICT;

-- Guests over their quota, and whether the chats that brought them were told.
CREATE TABLE over_quota (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at      REAL NOT NULL,
    told    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed_id, chat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX over_quota_of_chat ON over_quota (chat_id);
CREATE INDEX over_quota_untold ON over_quota (told) WHERE told = 0;

-- Guests whose chats are not served are not polled; they are when a chat comes back.
CREATE TRIGGER guests_come_back AFTER UPDATE OF state ON chats
WHEN NEW.state IN ('active', 'stopped') AND OLD.state NOT IN ('active', 'stopped') BEGIN
    UPDATE feeds SET poll_at = min(poll_at, NEW.changed_at)
        WHERE guest = 1 AND id IN (SELECT feed_id FROM added_feeds WHERE chat_id = NEW.id);
END;
