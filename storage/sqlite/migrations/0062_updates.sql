-- What Telegram posted, kept before it is answered. What was handled leaves its number, so that it
-- is not handled again when it comes once more; what failed too often keeps its form as well.
CREATE TABLE updates (
    id          INTEGER PRIMARY KEY,
    chat_id     INTEGER NOT NULL,
    body        TEXT,
    received_at REAL NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    handled_at  REAL
) STRICT;
-- What waits has no time, and stands first.
CREATE INDEX updates_by_time ON updates (handled_at);
CREATE INDEX updates_failed ON updates (chat_id) WHERE handled_at IS NOT NULL AND body IS NOT NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('updates', 'updates_by_time', '100000 1'),
    ('updates', 'updates_failed', '10 1');
