-- A chat may follow one name in several threads: the key of a topic in a thread names the thread.
UPDATE topics SET name_key = name_key || char(10) || thread_id WHERE thread_id <> 0;

-- A topic that was removed stays for a moment, so that it can be brought back with all it had.
ALTER TABLE topics ADD COLUMN removed_at REAL;
