-- Whether a chat answers for a feed only since another chat left it. Its people did not write the
-- address then, which may hold a key.
ALTER TABLE added_feeds ADD COLUMN inherited INTEGER NOT NULL DEFAULT 0;
