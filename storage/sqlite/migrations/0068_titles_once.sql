-- The headline without its capitals and signs is made of the headline where it is asked for.
ALTER TABLE reports DROP COLUMN title_key;
