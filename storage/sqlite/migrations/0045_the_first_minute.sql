-- Where the first minute of a private chat goes on: '' for one that is through, and for all that were
-- there before, which nobody asks anything.
ALTER TABLE chats ADD COLUMN first_step TEXT NOT NULL DEFAULT '';
