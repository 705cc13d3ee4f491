-- How many independent outlets carry a story, of those that all see (storage.outlets).
ALTER TABLE stories ADD COLUMN outlets INTEGER NOT NULL DEFAULT 1;
UPDATE stories SET outlets = (
    SELECT count(DISTINCT coalesce(CAST(r.feed_id AS TEXT), 'once ' || r.source))
    FROM reports r WHERE r.story_id = stories.id AND r.guest = 0 AND r.original IS NULL
);
-- The stories that several carry, by when they came out.
CREATE INDEX stories_carried ON stories (sort_key, outlets) WHERE outlets > 1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('stories', 'stories_carried', '60000 1 1');

-- When a guest is polled again whose chats came back is decided where their state is changed.
DROP TRIGGER guests_come_back;
