-- A guest is a feed that only chats brought; its reports are for the chats that follow it. Those of
-- before, too, as far as their feeds are still there.
UPDATE reports SET guest = 1 WHERE guest = 0 AND feed_id IN (SELECT id FROM feeds WHERE guest = 1);

-- In which order the desk placed reports. Those of guests come behind the operator's, so that it is
-- not the order of their ids; a restart rebuilds the window in it.
ALTER TABLE reports ADD COLUMN placing INTEGER;
UPDATE reports SET placing = id WHERE story_id IS NOT NULL;
CREATE INDEX reports_by_placing ON reports (placing) WHERE placing IS NOT NULL;
INSERT INTO facts SELECT 'placing', coalesce(max(id), 0) FROM reports;
DROP INDEX reports_unplaced;
CREATE INDEX reports_unplaced ON reports (guest, id) WHERE story_id IS NULL;

-- The guest whose report opened a story; 0 for the operator's. A story of both from before stays
-- what all see.
ALTER TABLE stories ADD COLUMN opened_by INTEGER NOT NULL DEFAULT 0;
UPDATE stories SET opened_by = (SELECT coalesce(feed_id, -1) FROM reports WHERE id = stories.id)
    WHERE id IN (SELECT id FROM reports WHERE guest = 1)
    AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.story_id = stories.id AND r.guest = 0);
CREATE INDEX stories_of_operator ON stories (sort_key) WHERE opened_by = 0;
CREATE INDEX stories_of_guest ON stories (opened_by, sort_key) WHERE opened_by <> 0;
-- Keys are made of letters and digits, so that these are nobody's words.
UPDATE story_keys SET keys = keys || ' §g §' || (SELECT abs(opened_by) FROM stories
        WHERE sort_key = story_keys.rowid)
    WHERE rowid IN (SELECT sort_key FROM stories WHERE opened_by <> 0);

-- Who took a report out of its story, where that is known.
ALTER TABLE taken_out ADD COLUMN user_id INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER presser_is_forgotten AFTER DELETE ON chats WHEN OLD.id > 0 BEGIN
    UPDATE taken_out SET user_id = 0 WHERE user_id = OLD.id;
END;
