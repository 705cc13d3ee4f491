-- What is due behind many feeds that wait for busy hosts is found host by host.
CREATE INDEX feeds_due_of_host ON feeds (host, poll_at) WHERE suspended = 0 AND guest = 0;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('feeds', 'feeds_due_of_host', '5000 3 1');
