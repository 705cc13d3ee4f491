-- What waits is found without reading all that a chat was ever told, or all that is pending.
CREATE INDEX deliveries_digests_of_chat ON deliveries (chat_id)
    WHERE state = 'pending' AND kind = 'digest';
CREATE INDEX deliveries_held_of_chat ON deliveries (chat_id, thread_id, id)
    WHERE state = 'held' AND digest_id IS NULL;
CREATE INDEX deliveries_later ON deliveries (due_at) WHERE state = 'pending' AND due_at > 0;
CREATE INDEX chats_held ON chats (hold_until) WHERE hold_until > 0;

-- When the next try of a digest was to be, where an alert that arrived brought it forward.
ALTER TABLE deliveries ADD COLUMN was_due_at REAL;
