-- Eight bytes of a key tell the entries of one feed apart as surely as sixteen, four say whether a
-- text has changed, and whole seconds when it was seen: three fifths of the room.
CREATE TABLE entries_anew (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key     BLOB NOT NULL,
    seen_at REAL NOT NULL,
    title   BLOB,
    summary BLOB,
    published_at REAL,
    spare   INTEGER NOT NULL DEFAULT 0,
    reading INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed_id, key)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO entries_anew
    SELECT feed_id, substr(key, 1, 8), CAST(CAST(seen_at AS INTEGER) AS REAL),
        substr(title, 1, 4), substr(summary, 1, 4), published_at, spare, reading
    FROM entries ORDER BY feed_id, key;
DROP TABLE entries;
ALTER TABLE entries_anew RENAME TO entries;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('entries', 'entries', '300000 60 1');
