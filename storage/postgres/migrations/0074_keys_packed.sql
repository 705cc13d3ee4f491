-- The keys by which entries are known lie packed, some twenty in a row: a third of the room
-- (storage/polling/packing.py). When one was shown is known by the day, and three bytes say whether
-- a text has changed.
CREATE TABLE entries_anew (
    feed_id BIGINT NOT NULL,
    begins  BIGINT NOT NULL,
    packed  BYTEA NOT NULL,
    newest  BIGINT NOT NULL,
    oldest  BIGINT NOT NULL,
    oldest_spare BIGINT NOT NULL
);
INSERT INTO entries_anew
    SELECT feed_id, CASE part WHEN 0 THEN -9223372036854775808 ELSE
            -- Its sign turned, so that numbers lie in the order of their bytes.
            ('x' || encode((array_agg(key ORDER BY key))[1], 'hex'))::bit(64)::bigint
            # (-9223372036854775808) END,
        string_agg(
            key || coalesce(nullif(substr(title, 1, 3), ''), '\x000000')
            || coalesce(nullif(substr(summary, 1, 3), ''), '\x000000')
            || substr(int8send(least(greatest(trunc(coalesce(published_at, 0)), 0), 4294967295)::bigint), 5)
            || substr(int4send((reading << 4
                | CASE WHEN spare = 1 THEN 1 ELSE 0 END
                | CASE WHEN published_at IS NULL THEN 0 ELSE 2 END
                | CASE WHEN title IS NULL THEN 0 WHEN title = '' THEN 4 ELSE 8 END)::integer), 4)
            || substr(int4send(day::integer), 3), '' ORDER BY key),
        max(day), min(CASE WHEN spare = 0 THEN day ELSE 65535 END),
        min(CASE WHEN spare = 1 THEN day ELSE 65535 END)
    FROM (SELECT *, least(greatest(floor(seen_at / 86400), 0), 65534)::bigint AS day,
            (row_number() OVER (PARTITION BY feed_id ORDER BY key) - 1) / 20 AS part
        FROM entries WHERE length(key) = 8) AS numbered
    GROUP BY feed_id, part;
DROP TABLE entries;
ALTER TABLE entries_anew RENAME TO entries;
ALTER TABLE entries ADD CONSTRAINT entries_pkey PRIMARY KEY (feed_id, begins);
ALTER TABLE entries ADD CONSTRAINT entries_feed_id_fkey
    FOREIGN KEY (feed_id) REFERENCES feeds (id) ON DELETE CASCADE;
