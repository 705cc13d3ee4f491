-- What Telegram posted, kept before it is answered. What was handled leaves its number, so that it
-- is not handled again when it comes once more; what failed too often keeps its form as well.
CREATE TABLE updates (
    id          BIGINT PRIMARY KEY,
    chat_id     BIGINT NOT NULL,
    body        TEXT,
    received_at DOUBLE PRECISION NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    handled_at  DOUBLE PRECISION
);
CREATE INDEX updates_waiting ON updates (id) WHERE handled_at IS NULL;
CREATE INDEX updates_by_time ON updates (handled_at);
CREATE INDEX updates_failed ON updates (chat_id) WHERE handled_at IS NOT NULL AND body IS NOT NULL;
