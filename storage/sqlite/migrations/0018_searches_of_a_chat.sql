-- What was searched for belongs to the chat that did: a button is a number, and anybody can press
-- one that was never shown. Of the words kept until now the chat is not known.
DROP TABLE searches;
CREATE TABLE searches (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    words   TEXT NOT NULL,
    used_at REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX searches_once ON searches (chat_id, words);
CREATE INDEX searches_of_chat ON searches (chat_id, id);
