-- Who let the bot into a group or channel, bound the channel, or chose what it follows: they may
-- speak for the channel from their private chat, and are told when the bot may not write any more.
CREATE TABLE keepers (
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    user_id INTEGER NOT NULL,
    at      REAL NOT NULL,
    PRIMARY KEY (chat_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX keepers_of_user ON keepers (user_id);

-- For which channel a person speaks in their private chat, and until when.
CREATE TABLE speakers (
    user_id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE ON UPDATE CASCADE,
    until   REAL NOT NULL
) STRICT;
CREATE INDEX speakers_of_chat ON speakers (chat_id);

-- A private chat has the id of its person.
CREATE TRIGGER keeper_is_forgotten AFTER DELETE ON chats WHEN OLD.id > 0 BEGIN
    DELETE FROM keepers WHERE user_id = OLD.id;
    DELETE FROM speakers WHERE user_id = OLD.id;
END;

-- Whether a keeper was told that the bot may not write; nobody is told of what is long past.
ALTER TABLE chats ADD COLUMN told_of_block INTEGER NOT NULL DEFAULT 0;
UPDATE chats SET told_of_block = 1 WHERE state = 'blocked';
CREATE TRIGGER block_is_over AFTER UPDATE OF state ON chats WHEN NEW.state <> 'blocked' BEGIN
    UPDATE chats SET told_of_block = 0 WHERE id = NEW.id;
END;
