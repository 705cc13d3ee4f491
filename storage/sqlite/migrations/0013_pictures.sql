-- An alert that went out with a picture is changed by its caption, not by its text.
ALTER TABLE deliveries ADD COLUMN as_picture INTEGER NOT NULL DEFAULT 0;
