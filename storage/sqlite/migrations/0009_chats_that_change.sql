-- How often in a row Telegram said that it does not find a chat.
ALTER TABLE chats ADD COLUMN not_found INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chats_out_of_service ON chats (changed_at) WHERE state = 'blocked';

-- Digests are looked for by themselves: alerts go before them.
CREATE INDEX deliveries_pending_digests ON deliveries (id)
    WHERE state = 'pending' AND kind = 'digest';

-- A subscription may leave a topic that was deleted.
CREATE TRIGGER audience_subscription_moved AFTER UPDATE ON subscriptions BEGIN
    UPDATE facts SET value = value + 1 WHERE name = 'audience';
END;
