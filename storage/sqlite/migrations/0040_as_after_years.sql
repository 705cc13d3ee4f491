-- Plans that hold for years. SQLite chooses an index by what it believes of the tables; told
-- nothing, it takes all that a chat was ever told for as few rows as all that was told of a story.
-- These are the figures of a database after two years (`benchmarks.aged`), so that the first day
-- and the last are asked in the same way, and as the tests see it. Nothing renews them.

-- What a chat matched lately is asked for each alert of a chat that has a cap.
DROP INDEX matches_of_chat;
CREATE INDEX matches_of_chat ON matches (chat_id, at);
-- What waits for a chat, and what it was sent, are asked by /status and when it stops.
CREATE INDEX deliveries_waiting_of_chat ON deliveries (chat_id)
    WHERE state IN ('held', 'waiting');
CREATE INDEX deliveries_sent_of_chat ON deliveries (chat_id, settled_at) WHERE state = 'sent';
CREATE INDEX muted_stories_by_time ON muted_stories (at);

-- Makes the table of statistics.
ANALYZE facts;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('chats', NULL, '1000'),
    ('chats', 'chats_held', '20 1'),
    ('chats', 'chats_out_of_service', '50 1'),
    ('feeds', 'sqlite_autoindex_feeds_1', '5000 1'),
    ('feeds', 'feeds_due', '5000 2'),
    ('entries', 'entries', '300000 60 1'),
    ('reports', 'reports_of_story', '625000 2'),
    ('reports', 'reports_unplaced', '50 25 1'),
    ('reports', 'reports_by_link', '600000 1'),
    ('reports', 'reports_by_shared_link', '6000 20'),
    ('reports', 'reports_by_key', '625000 125 1'),
    ('reports', 'reports_by_time', '625000 2'),
    ('stories', 'sqlite_autoindex_stories_1', '500000 1'),
    ('subscriptions', 'subscriptions_once', '5000 5 4 1 1'),
    ('subscriptions', 'subscriptions_of_feed', '5000 5'),
    ('topics', 'sqlite_autoindex_topics_1', '5000 5 1'),
    ('mutes', 'sqlite_autoindex_mutes_1', '500 2 1'),
    ('matches', 'matches_of_story', '1000000 10 1'),
    ('matches', 'matches_of_chat', '1000000 5000 2'),
    ('matches', 'matches_of_topic', '1000000 1000'),
    ('deliveries', 'deliveries_once', '1000000 5000 3000 1'),
    ('deliveries', 'deliveries_one_update', '20 2 2 1'),
    ('deliveries', 'deliveries_open', '500 5 1'),
    ('deliveries', 'deliveries_pending', '400 1'),
    ('deliveries', 'deliveries_sending', '100 10'),
    ('deliveries', 'deliveries_settled', '1000000 2'),
    ('deliveries', 'deliveries_to_edit', '200 2'),
    ('deliveries', 'deliveries_of_story', '1000000 10'),
    ('deliveries', 'deliveries_held', '5000 20'),
    ('deliveries', 'deliveries_ripening', '5000 3'),
    ('deliveries', 'deliveries_gathered', '500 1'),
    ('deliveries', 'deliveries_of_digest', '200000 20'),
    ('deliveries', 'deliveries_of_message', '900000 5000 1'),
    ('deliveries', 'deliveries_by_chat', '1000000 5000 2'),
    ('deliveries', 'deliveries_pending_digests', '50 1'),
    ('deliveries', 'deliveries_edited', '200000 1'),
    ('deliveries', 'deliveries_digests_of_chat', '50 2'),
    ('deliveries', 'deliveries_held_of_chat', '5000 50 40 1'),
    ('deliveries', 'deliveries_later', '50 1'),
    ('deliveries', 'deliveries_waiting_of_chat', '5500 55'),
    ('deliveries', 'deliveries_sent_of_chat', '900000 5000 1');
