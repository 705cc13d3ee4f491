-- Times are seconds since the epoch, UTC. Chats are named by their Telegram id everywhere.

CREATE TABLE feeds (
    id            INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL DEFAULT '',
    named         INTEGER NOT NULL DEFAULT 0,
    folder        TEXT NOT NULL DEFAULT '',
    language      TEXT,
    suspended     INTEGER NOT NULL DEFAULT 0,
    settled       INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    body_hash     BLOB,
    poll_at       REAL NOT NULL,
    interval      REAL NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    error         TEXT,
    answered_at   REAL,
    news_at       REAL,
    added_at      REAL NOT NULL
) STRICT;
CREATE INDEX feeds_due ON feeds (poll_at) WHERE suspended = 0;

-- The memory of what was seen: it outlives the reports, so that an entry that vanishes from its
-- feed and comes back is known.
CREATE TABLE entries (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key     BLOB NOT NULL,
    seen_at REAL NOT NULL,
    PRIMARY KEY (feed_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id      INTEGER REFERENCES feeds (id) ON DELETE SET NULL,
    source       TEXT NOT NULL,
    link         TEXT,
    canonical    TEXT,
    title        TEXT NOT NULL,
    title_key    TEXT,
    summary      TEXT NOT NULL,
    language     TEXT,
    image        TEXT,
    published_at REAL,
    seen_at      REAL NOT NULL,
    quiet        INTEGER NOT NULL,
    story_id     INTEGER REFERENCES stories (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX reports_unplaced ON reports (id) WHERE story_id IS NULL;
CREATE INDEX reports_of_story ON reports (story_id);
CREATE INDEX reports_by_link ON reports (canonical) WHERE canonical IS NOT NULL;
CREATE INDEX reports_by_time ON reports (seen_at);

-- A story has the id of the report that opened it. `sort_key` orders stories by when the news
-- came out, then by id; the search index uses it as its row number, so both run newest first.
CREATE TABLE stories (
    id        INTEGER PRIMARY KEY,
    sort_key  INTEGER NOT NULL UNIQUE,
    at        REAL NOT NULL,
    reports   INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE VIRTUAL TABLE story_keys USING fts5 (keys, tokenize = 'ascii', detail = 'none');

CREATE TABLE chats (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL,
    reason     TEXT,
    language   TEXT NOT NULL,
    timezone   TEXT NOT NULL,
    hold_until REAL NOT NULL DEFAULT 0,
    since      REAL NOT NULL,
    changed_at REAL NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id INTEGER NOT NULL DEFAULT 0,
    feed_id   INTEGER REFERENCES feeds (id) ON DELETE CASCADE,
    since     REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (chat_id, thread_id, coalesce(feed_id, 0));

CREATE TABLE topics (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id     INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id   INTEGER NOT NULL DEFAULT 0,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    query       TEXT NOT NULL,
    muted_until REAL NOT NULL DEFAULT 0,
    since       REAL NOT NULL,
    UNIQUE (chat_id, name_key)
) STRICT;

-- Why a chat was told of a story: one row a topic, with the words that matched.
CREATE TABLE matches (
    story_id  INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id INTEGER NOT NULL,
    topic_id  INTEGER REFERENCES topics (id) ON DELETE SET NULL,
    report_id INTEGER NOT NULL,
    terms     TEXT NOT NULL,
    at        REAL NOT NULL
) STRICT;
CREATE INDEX matches_of_story ON matches (story_id, chat_id);
CREATE INDEX matches_of_chat ON matches (chat_id);
CREATE INDEX matches_of_topic ON matches (topic_id);

-- The outbox. A chat is told of a story once a thread, whatever happens: see the index.
-- story_id and report_id are no foreign keys, since delivery records outlive stories.
CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id     INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id   INTEGER NOT NULL DEFAULT 0,
    story_id    INTEGER NOT NULL,
    report_id   INTEGER NOT NULL,
    state       TEXT NOT NULL,
    created_at  REAL NOT NULL,
    due_at      REAL NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    resends     INTEGER NOT NULL DEFAULT 0,
    lease_until REAL,
    message_id  INTEGER,
    settled_at  REAL,
    error       TEXT
) STRICT;
CREATE UNIQUE INDEX deliveries_once ON deliveries (chat_id, thread_id, story_id);
CREATE INDEX deliveries_open ON deliveries (chat_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_pending ON deliveries (id) WHERE state = 'pending';
CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE state = 'sending';
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE settled_at IS NOT NULL;

-- Words a chat searched for with buttons under the answer; the buttons carry the number only.
CREATE TABLE searches (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    words   TEXT NOT NULL UNIQUE,
    used_at REAL NOT NULL
) STRICT;

-- Small facts: the version of what all chats asked for, and who works on this database.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES ('audience', '0');

CREATE TRIGGER audience_chats AFTER UPDATE OF id, state ON chats BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_chat_gone AFTER DELETE ON chats BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_subscribed AFTER INSERT ON subscriptions BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_unsubscribed AFTER DELETE ON subscriptions BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_topic_added AFTER INSERT ON topics BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_topic_changed AFTER UPDATE ON topics BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
CREATE TRIGGER audience_topic_gone AFTER DELETE ON topics BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
