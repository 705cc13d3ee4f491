-- Whether a feed had another address before: there it may have told and learned what this one would
-- not have.
ALTER TABLE feeds ADD COLUMN moved_here INTEGER NOT NULL DEFAULT 0;
UPDATE feeds SET moved_here = 1 WHERE id IN (SELECT feed_id FROM former_addresses);
