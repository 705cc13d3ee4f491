-- In which order a feed lists its entries, as polls have shown it: above zero the newest first, below
-- zero the oldest; and how many entries its last document had.
ALTER TABLE feeds ADD COLUMN leaning INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN shown INTEGER;
