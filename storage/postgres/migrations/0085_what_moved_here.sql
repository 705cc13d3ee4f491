-- Whether a feed had another address before: there it may have told and learned what this one would
-- not have. Going over to https is no move.
ALTER TABLE feeds ADD COLUMN moved_here BIGINT NOT NULL DEFAULT 0;
UPDATE feeds SET moved_here = 1 WHERE EXISTS (SELECT 1 FROM former_addresses f WHERE f.feed_id = feeds.id
  AND replace(replace(replace(f.url, 'https://', ''), 'http://', ''), 'www.', '')
   <> replace(replace(replace(feeds.url, 'https://', ''), 'http://', ''), 'www.', ''));
