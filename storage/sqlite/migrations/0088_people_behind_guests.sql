-- Who kept a chat when a feed was brought to it: what feeds cost is shared out by people, of whom one
-- may have any number of groups; where nobody is known to, by chats. A private chat has the id of its
-- person.
ALTER TABLE added_feeds ADD COLUMN person INTEGER;
UPDATE added_feeds SET person = coalesce((SELECT k.user_id FROM keepers k
    WHERE k.chat_id = added_feeds.chat_id ORDER BY k.at DESC, k.user_id LIMIT 1),
    CASE WHEN chat_id > 0 THEN chat_id END);
CREATE TABLE person_intake (
    person INTEGER PRIMARY KEY,
    spent  REAL NOT NULL,
    at     REAL NOT NULL
) STRICT;
