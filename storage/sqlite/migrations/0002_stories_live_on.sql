-- Later reports of a story are shown by editing its alerts; a story may be related to an earlier
-- one; a report says why it was put where it is, and whose work it is a copy of.

ALTER TABLE deliveries ADD COLUMN edit_due_at REAL;
ALTER TABLE deliveries ADD COLUMN edited_at REAL;
ALTER TABLE deliveries ADD COLUMN shown INTEGER NOT NULL DEFAULT 1;
CREATE INDEX deliveries_to_edit ON deliveries (edit_due_at) WHERE edit_due_at IS NOT NULL;
CREATE INDEX deliveries_of_story ON deliveries (story_id);

ALTER TABLE stories ADD COLUMN related_to INTEGER;
ALTER TABLE reports ADD COLUMN reason TEXT;
ALTER TABLE reports ADD COLUMN original TEXT;
