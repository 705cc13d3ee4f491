-- The report that opened an earlier story, which tells this one in another language. Once it is gone
-- it is shown nowhere.
ALTER TABLE stories ADD COLUMN elsewhere BIGINT;
