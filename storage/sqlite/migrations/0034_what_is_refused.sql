-- Chats that an operator shut out and whose data are gone: a slow hash of their number, with a key
-- that is drawn by lot for each database. It can be asked about a chat, and does not list any.
CREATE TABLE refused (
    mark BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES ('refusal_key', lower(hex(randomblob(32))));
