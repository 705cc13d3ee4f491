-- The index of words keeps no copy of its words, which was two fifths of the database, and has its
-- rows by the numbers of stories, which lie close together: a third of the room for each word.
CREATE VIRTUAL TABLE words_by_story USING fts5 (
    keys, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);
INSERT INTO words_by_story (rowid, keys)
    SELECT s.id, k.keys FROM stories s CROSS JOIN story_keys k
    WHERE k.rowid = s.sort_key ORDER BY s.id;

-- How many words of its text a story has there, without the marks of guests; NULL: it is not there.
ALTER TABLE stories ADD COLUMN words INTEGER;
UPDATE stories SET words = (
    SELECT length(k.keys) - length(replace(k.keys, ' ', '')) + 1
        - (length(k.keys) - length(replace(k.keys, '§', '')))
    FROM story_keys k WHERE k.rowid = stories.sort_key);

DROP TABLE story_keys;
ALTER TABLE words_by_story RENAME TO story_keys;
