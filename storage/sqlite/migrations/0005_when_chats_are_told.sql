-- When and how a chat is told: its habits, its topics' options, what it muted. What is not told at
-- once waits in the outbox: `waiting` for more sources, `held` for a digest at due_at.

ALTER TABLE chats ADD COLUMN habits TEXT NOT NULL DEFAULT '{}';
ALTER TABLE topics ADD COLUMN options TEXT NOT NULL DEFAULT '{}';

CREATE TABLE mutes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    shown   TEXT NOT NULL,
    query   TEXT NOT NULL,
    until   REAL NOT NULL,
    UNIQUE (chat_id, query)
) STRICT;

-- What kept a match away from its chat, such as a mute.
ALTER TABLE matches ADD COLUMN kept_by TEXT;
ALTER TABLE matches ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 0;

-- From `sources` independent sources on it is decided anew how a delivery is told.
ALTER TABLE deliveries ADD COLUMN sources INTEGER;
ALTER TABLE deliveries ADD COLUMN digest_id INTEGER;
CREATE INDEX deliveries_held ON deliveries (due_at) WHERE state = 'held' AND digest_id IS NULL;
CREATE INDEX deliveries_ripening ON deliveries (story_id) WHERE state IN ('held', 'waiting');
CREATE INDEX deliveries_gathered ON deliveries (id)
    WHERE state = 'held' AND digest_id IS NOT NULL;
CREATE INDEX deliveries_of_digest ON deliveries (digest_id) WHERE digest_id IS NOT NULL;
CREATE INDEX deliveries_of_message ON deliveries (chat_id, message_id)
    WHERE message_id IS NOT NULL;
CREATE INDEX deliveries_by_chat ON deliveries (chat_id, created_at);

CREATE TRIGGER audience_habits AFTER UPDATE OF habits, timezone ON chats BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_muted AFTER INSERT ON mutes BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_mute_changed AFTER UPDATE ON mutes BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_unmuted AFTER DELETE ON mutes BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
