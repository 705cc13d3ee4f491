-- The canonical link of a report nearly always follows from its link: then it is no longer kept
-- beside it, nor a second time in an index, but as a mark of eight bytes (storage/stories/links.py).
-- Keys of entries have eight bytes, too. The chance by which a report joined was read by nobody. And
-- the order of placing is kept as long as the window holds a report.
CREATE TABLE reports_anew (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id      INTEGER REFERENCES feeds (id) ON DELETE SET NULL,
    source       TEXT NOT NULL,
    link         TEXT,
    canonical    TEXT,
    link_mark    BLOB,
    title        TEXT NOT NULL,
    summary      TEXT NOT NULL,
    language     TEXT,
    image        TEXT,
    published_at REAL,
    seen_at      REAL NOT NULL,
    quiet        INTEGER NOT NULL,
    story_id     INTEGER REFERENCES stories (id) ON DELETE CASCADE,
    reason       TEXT,
    original     TEXT,
    key          BLOB,
    apart        INTEGER NOT NULL DEFAULT 0,
    title_now    TEXT,
    summary_now  TEXT,
    guest        INTEGER NOT NULL DEFAULT 0,
    placing      INTEGER,
    doubtful     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO reports_anew (id, feed_id, source, link, canonical, link_mark, title, summary, language,
        image, published_at, seen_at, quiet, story_id, reason, original, key, apart, title_now,
        summary_now, guest, placing, doubtful)
    SELECT id, feed_id, source, link, short_link(link, canonical), link_mark(canonical), title,
        summary, language, image, published_at, seen_at, quiet, story_id, reason, original,
        substr(key, 1, 8), apart, title_now, summary_now, guest,
        CASE WHEN seen_at >= (SELECT max(seen_at) FROM reports) - 259200 THEN placing END, doubtful
    FROM reports ORDER BY id;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'reports')
    WHERE name = 'reports_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'reports_anew', seq FROM sqlite_sequence
    WHERE name = 'reports' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'reports_anew');
DROP TABLE reports;
ALTER TABLE reports_anew RENAME TO reports;

CREATE INDEX reports_of_story ON reports (story_id);
CREATE INDEX reports_by_link ON reports (link_mark) WHERE link_mark IS NOT NULL;
CREATE INDEX reports_by_shared_link ON reports (link) WHERE canonical IS NULL AND link IS NOT NULL;
CREATE INDEX reports_by_time ON reports (seen_at);
CREATE INDEX reports_by_placing ON reports (placing) WHERE placing IS NOT NULL;
CREATE INDEX reports_unplaced ON reports (guest, quiet, id) WHERE story_id IS NULL;
CREATE INDEX reports_by_key ON reports (feed_id, substr(key, 1, 3)) WHERE key IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('reports', 'reports_of_story', '625000 2'),
    ('reports', 'reports_by_link', '600000 1'),
    ('reports', 'reports_by_shared_link', '6000 20'),
    ('reports', 'reports_by_time', '625000 2'),
    ('reports', 'reports_by_placing', '60000 1'),
    ('reports', 'reports_unplaced', '50 25 12 1'),
    ('reports', 'reports_by_key', '625000 125 1');
