-- Feeds of busy hosts are passed over without reading them, and of a poll one time is indexed once.
DROP INDEX feeds_due;
DROP INDEX feeds_due_ours;
CREATE INDEX feeds_due_ours ON feeds (poll_at, host) WHERE suspended = 0 AND guest = 0;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('feeds', 'feeds_due_ours', '5000 2 1'),
    ('feeds', 'feeds_due_guests', '5000 2');
