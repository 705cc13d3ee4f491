-- Whether a report came from a feed that a chat's people added. Kept with the report: the feed may
-- be taken out or become another before the report is placed.
ALTER TABLE reports ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;
UPDATE reports SET guest = 1
    WHERE story_id IS NULL AND feed_id IN (SELECT id FROM feeds WHERE guest = 1);
