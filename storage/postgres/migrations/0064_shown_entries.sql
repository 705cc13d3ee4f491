-- What a feed's last document showed: some forty bytes an entry, by which the next one need not be
-- read as a whole (bot/news/polling/shown.py).
CREATE TABLE shown_entries (
    feed_id BIGINT PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
    shown BYTEA NOT NULL
);
