-- A chat may take a report out of its story, or mute what follows of a story. A headline that its
-- outlet rewrote is shown; what was first written stays, since the story was placed by it.

CREATE TABLE taken_out (
    report_id INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at        REAL NOT NULL,
    PRIMARY KEY (report_id, chat_id)
) STRICT, WITHOUT ROWID;

-- story_id is no foreign key: a report that only this chat took out is no story of its own.
CREATE TABLE muted_stories (
    story_id INTEGER NOT NULL,
    chat_id  INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    at       REAL NOT NULL,
    PRIMARY KEY (story_id, chat_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE reports ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reports ADD COLUMN title_now TEXT;
ALTER TABLE reports ADD COLUMN summary_now TEXT;

-- An alert tells a story, once a chat and thread; an update tells quietly what changed of it, and
-- one that still waits is replaced by a newer one.
ALTER TABLE deliveries ADD COLUMN kind TEXT NOT NULL DEFAULT 'alert';
ALTER TABLE deliveries ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries DROP COLUMN shown;
DROP INDEX deliveries_once;
CREATE UNIQUE INDEX deliveries_once ON deliveries (chat_id, thread_id, story_id)
    WHERE kind = 'alert';
CREATE UNIQUE INDEX deliveries_one_update ON deliveries (chat_id, thread_id, story_id)
    WHERE kind = 'update' AND state = 'pending';
