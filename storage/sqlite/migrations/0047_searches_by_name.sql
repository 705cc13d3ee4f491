-- What a chat searched for is shown as it was asked for: by a topic's name, or as it was typed.
ALTER TABLE searches ADD COLUMN shown TEXT NOT NULL DEFAULT '';
DROP INDEX searches_once;
CREATE UNIQUE INDEX searches_once ON searches (chat_id, words, shown);
