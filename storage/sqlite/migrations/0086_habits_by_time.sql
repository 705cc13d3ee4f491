-- When it was learned last how many new entries a poll of a feed usually finds.
ALTER TABLE feeds ADD COLUMN usual_at REAL;
