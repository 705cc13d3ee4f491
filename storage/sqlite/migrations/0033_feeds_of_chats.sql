-- The number of a feed is remembered elsewhere: in mutes, in buttons, by polls under way. Whatever
-- had a number that is given again would mean another feed, so each is given once.
INSERT INTO facts
    SELECT 'last_feed', max(
        coalesce((SELECT max(id) FROM feeds), 0),
        coalesce((SELECT max(feed_id) FROM pushes), 0),
        coalesce((SELECT max(min(CAST(substr(query, 6) AS INTEGER), 1000000000000)) FROM mutes
            WHERE query GLOB 'feed:[0-9]*'), 0)
    );
CREATE TRIGGER feed_numbers_rise AFTER INSERT ON feeds BEGIN
    SELECT RAISE(ABORT, 'the number of a feed is given once')
        WHERE NEW.id <= (SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'last_feed');
    UPDATE facts SET value = NEW.id WHERE name = 'last_feed';
END;

-- A feed that only chats brought is for the chats that wrote its address: nobody else follows it,
-- and nobody inherits it, as the address may hold a key.
DELETE FROM added_feeds WHERE inherited = 1;
ALTER TABLE added_feeds DROP COLUMN inherited;
DELETE FROM subscriptions WHERE feed_id IN (SELECT id FROM feeds WHERE guest = 1)
    AND NOT EXISTS (SELECT 1 FROM added_feeds a
        WHERE a.feed_id = subscriptions.feed_id AND a.chat_id = subscriptions.chat_id);
CREATE TRIGGER guest_ends_with_its_last_chat AFTER DELETE ON added_feeds
WHEN EXISTS (SELECT 1 FROM feeds WHERE id = OLD.feed_id AND guest = 1) BEGIN
    DELETE FROM subscriptions WHERE chat_id = OLD.chat_id AND feed_id = OLD.feed_id;
    DELETE FROM feeds WHERE id = OLD.feed_id
        AND NOT EXISTS (SELECT 1 FROM added_feeds WHERE feed_id = OLD.feed_id);
END;

-- Reports of guests are read by the chats that have the feed; those placed before 0020 did not say.
UPDATE reports SET guest = 1
    WHERE guest = 0 AND feed_id IN (SELECT id FROM feeds WHERE guest = 1);
