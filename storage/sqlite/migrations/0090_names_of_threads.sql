-- What the threads of a forum are called, as far as Telegram told: no method of it names them.
CREATE TABLE thread_names (
    chat_id   INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id INTEGER NOT NULL,
    name      TEXT NOT NULL,
    at        REAL NOT NULL,
    PRIMARY KEY (chat_id, thread_id)
) STRICT, WITHOUT ROWID;
