-- A group is a folder of the catalogue. Who follows one (feed_id NULL, folder its name) follows the
-- feeds that are in it when their news come.
ALTER TABLE subscriptions ADD COLUMN folder TEXT NOT NULL DEFAULT '';
DROP INDEX subscriptions_once;
CREATE UNIQUE INDEX subscriptions_once
    ON subscriptions (chat_id, thread_id, coalesce(feed_id, 0), folder);

-- Whether the pages of articles are read where the feed gives headlines only.
ALTER TABLE feeds ADD COLUMN full_text INTEGER NOT NULL DEFAULT 0;
