-- When Telegram was last written to about a delivery that did not end then: a process that begins
-- counts it against the pace. (An edit, the first part of a digest, an answer that was lost.)
CREATE INDEX deliveries_edited ON deliveries (edited_at) WHERE edited_at IS NOT NULL;

-- Where a group's id went: the desk may have decided of a story just before the group moved.
CREATE TABLE moved_chats (
    old_id INTEGER PRIMARY KEY,
    new_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT;
CREATE INDEX moved_chats_to ON moved_chats (new_id);
