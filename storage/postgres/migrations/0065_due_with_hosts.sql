DROP INDEX feeds_due;
DROP INDEX feeds_due_ours;
CREATE INDEX feeds_due_ours ON feeds (poll_at, host) WHERE suspended = 0 AND guest = 0;
