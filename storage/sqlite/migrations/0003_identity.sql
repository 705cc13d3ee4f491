-- By what a feed's entries are known is chosen for each feed, and kept when the feed breaks it.

ALTER TABLE feeds ADD COLUMN known_by TEXT NOT NULL DEFAULT 'id';
ALTER TABLE feeds ADD COLUMN known_by_reason TEXT;
ALTER TABLE feeds ADD COLUMN failing_since REAL;

-- What came at once without ringing, and what tells an archive from news: the newest date seen,
-- and how many new entries a poll that finds some usually finds.
ALTER TABLE feeds ADD COLUMN hushed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN hushed_at REAL;
ALTER TABLE feeds ADD COLUMN newest_at REAL;
ALTER TABLE feeds ADD COLUMN usual REAL NOT NULL DEFAULT 0;

-- An entry is remembered under several keys (id, link, title and date, title). `spare` ones are
-- those it is not known by now. Rows without a title were written before titles were remembered.
ALTER TABLE entries ADD COLUMN title BLOB;
ALTER TABLE entries ADD COLUMN summary BLOB;
ALTER TABLE entries ADD COLUMN published_at REAL;
ALTER TABLE entries ADD COLUMN spare INTEGER NOT NULL DEFAULT 0;

-- The key of the entry that a report was made of: a rewritten headline finds its report by it.
ALTER TABLE reports ADD COLUMN key BLOB;
CREATE INDEX reports_by_key ON reports (feed_id, key) WHERE key IS NOT NULL;

-- Every feed is read once anew, so that the links and titles of what is known are learned.
UPDATE feeds SET body_hash = NULL, etag = NULL, last_modified = NULL;
