-- The canonical link of a report nearly always follows from its link: then it is no longer kept
-- beside it, nor a second time in an index, but as a mark of eight bytes (storage/stories/links.py);
-- what is stored already keeps it. Keys of entries have eight bytes, too. The chance by which a
-- report joined was read by nobody.
DROP INDEX reports_by_link;
DROP INDEX reports_of_site;
DROP INDEX reports_by_key;
ALTER TABLE reports DROP COLUMN chance;
ALTER TABLE reports ADD COLUMN link_mark BYTEA;
UPDATE reports SET key = substr(key, 1, 8), link_mark =
    substr(sha256(convert_to(split_part(substr(canonical, 9), '/', 1), 'UTF8')), 1, 4)
    || substr(sha256(convert_to(canonical, 'UTF8')), 1, 4);
CREATE INDEX reports_by_link ON reports (link_mark) WHERE link_mark IS NOT NULL;
CREATE INDEX reports_by_key ON reports (feed_id, substr(key, 1, 3)) WHERE key IS NOT NULL;
