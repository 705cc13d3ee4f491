-- The operator's feeds are asked for first, and apart from those that chats brought.
CREATE INDEX feeds_due_ours ON feeds (poll_at) WHERE suspended = 0 AND guest = 0;
CREATE INDEX feeds_due_guests ON feeds (poll_at) WHERE suspended = 0 AND guest = 1;
