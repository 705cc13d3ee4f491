CREATE INDEX feeds_due_of_host ON feeds (host, poll_at) WHERE suspended = 0 AND guest = 0;
