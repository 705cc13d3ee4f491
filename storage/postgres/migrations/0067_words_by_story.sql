-- How many words of its text a story has in the index of words. (SQLite's keeps no copy of them from
-- here on, and has its rows by the numbers of stories.)
ALTER TABLE stories ADD COLUMN words BIGINT;
