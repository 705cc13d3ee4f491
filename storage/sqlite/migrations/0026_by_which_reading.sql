-- By which reading of documents an entry was remembered: what an earlier version stored is put into
-- today's words when the entry is seen again, and so looks neither new nor corrected.
ALTER TABLE entries ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
