-- The chance that the desk gave a report of telling an earlier story, NULL where it was placed
-- before; and whether it joined by so little that alerts of its story show its headline.
ALTER TABLE reports ADD COLUMN chance DOUBLE PRECISION;
ALTER TABLE reports ADD COLUMN doubtful BIGINT NOT NULL DEFAULT 0;
