-- The keys by which entries are known lie packed, some twenty in a row: two thirds of the room
-- (storage/polling/packing.py). When one was shown is known by the day, and three bytes say whether
-- a text has changed.
CREATE TABLE entries_anew (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    begins  INTEGER NOT NULL,
    packed  BLOB NOT NULL,
    newest  INTEGER NOT NULL,
    oldest  INTEGER NOT NULL,
    oldest_spare INTEGER NOT NULL,
    PRIMARY KEY (feed_id, begins)
) STRICT, WITHOUT ROWID;
INSERT INTO entries_anew
    SELECT feed_id, CASE part WHEN 0 THEN -9223372036854775808 ELSE key_place(min(key)) END,
        CAST(group_concat(key_record(key, seen_at, title, summary, published_at, spare, reading), '')
            AS BLOB),
        max(day), min(CASE WHEN spare = 0 THEN day ELSE 65535 END),
        min(CASE WHEN spare = 1 THEN day ELSE 65535 END)
    FROM (SELECT *, min(max(CAST(seen_at / 86400 AS INTEGER), 0), 65534) AS day,
            (row_number() OVER (PARTITION BY feed_id ORDER BY key) - 1) / 20 AS part
        FROM entries WHERE length(key) = 8) AS numbered
    GROUP BY feed_id, part ORDER BY feed_id, part;
DROP TABLE entries;
ALTER TABLE entries_anew RENAME TO entries;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('entries', 'entries', '18000 4 1');
