-- How often a feed is worth a poll: its rhythm and what its document asks for, as JSON; and whom
-- its requests are counted for. A hash of its entries tells a document that only looks changed.
ALTER TABLE feeds ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN wishes TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN reads BLOB;
ALTER TABLE feeds ADD COLUMN remembered_at REAL;

-- WebSub. pushed_until belongs to the subscription and is not written by polls.
ALTER TABLE feeds ADD COLUMN hub TEXT;
ALTER TABLE feeds ADD COLUMN topic TEXT;
ALTER TABLE feeds ADD COLUMN pushed_until REAL;
ALTER TABLE feeds ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;

-- A subscription outlives its feed until the hub has been told: feed_id is no foreign key.
CREATE TABLE pushes (
    token       TEXT PRIMARY KEY,
    feed_id     INTEGER NOT NULL,
    base        TEXT NOT NULL,
    hub         TEXT NOT NULL,
    topic       TEXT NOT NULL,
    secret      TEXT NOT NULL,
    state       TEXT NOT NULL,
    next_at     REAL NOT NULL,
    lease_until REAL,
    attempts    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pushes_of_feed ON pushes (feed_id);
CREATE INDEX pushes_next ON pushes (next_at);

-- Hashes of what was pushed, so that nobody can push it again.
CREATE TABLE pushed (
    token TEXT NOT NULL REFERENCES pushes (token) ON DELETE CASCADE,
    hash  BLOB NOT NULL,
    at    REAL NOT NULL,
    PRIMARY KEY (token, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX pushed_by_time ON pushed (at);

CREATE TRIGGER push_leaves_with_its_feed AFTER DELETE ON feeds BEGIN
    UPDATE pushes SET state = 'leaving', next_at = 0, attempts = 0 WHERE feed_id = OLD.id;
END;
