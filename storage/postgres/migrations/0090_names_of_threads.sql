-- What the threads of a forum are called, as far as Telegram told: no method of it names them.
CREATE TABLE thread_names (
    chat_id   BIGINT NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    thread_id BIGINT NOT NULL,
    name      TEXT NOT NULL,
    at        DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (chat_id, thread_id)
);
