-- What cannot be done is set aside, with why, so that what stands behind it goes on. `resting` is 1
-- until it is to be tried again, which a new start may do.
CREATE TABLE set_aside (
    queue   TEXT NOT NULL,
    item    TEXT NOT NULL,
    reason  TEXT NOT NULL,
    at      REAL NOT NULL,
    times   INTEGER NOT NULL DEFAULT 1,
    resting INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (queue, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_by_time ON set_aside (at);
