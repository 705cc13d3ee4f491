-- Of the operator's feeds what is spent are entries that rang, and what was left out did not ring:
-- when that was so last. And of each feed how many rewritten headlines it had told of, and when.
ALTER TABLE feed_intake ADD COLUMN hushed_at DOUBLE PRECISION;
ALTER TABLE feed_intake ADD COLUMN changes DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE feed_intake ADD COLUMN changes_at DOUBLE PRECISION NOT NULL DEFAULT 0;
CREATE INDEX feed_intake_hushed ON feed_intake (hushed_at) WHERE hushed_at IS NOT NULL;
