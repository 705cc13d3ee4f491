-- The catalogue is counted, and asked for the feeds of a site, without being read.
CREATE INDEX feeds_health ON feeds (guest, suspended, failures);
CREATE INDEX feeds_of_host ON feeds (host);
-- What nobody asks for any more is found by its time.
CREATE INDEX searches_by_time ON searches (used_at);
CREATE INDEX mutes_by_time ON mutes (until);
CREATE INDEX chats_left ON chats (changed_at) WHERE state IN ('stopped', 'waiting');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('feeds', 'feeds_health', '5000 2500 2500 2000'),
    ('feeds', 'feeds_of_host', '5000 3'),
    ('reports', 'reports_by_placing', '625000 1'),
    ('stories', 'stories_of_operator', '480000 1'),
    ('stories', 'stories_of_guest', '20000 400 1'),
    ('searches', 'searches_by_time', '20000 1'),
    ('mutes', 'mutes_by_time', '500 1'),
    ('chats', 'chats_left', '100 1'),
    ('candidates', 'candidates', '50 10 1'),
    ('added_feeds', 'added_feeds', '500 2 1');
