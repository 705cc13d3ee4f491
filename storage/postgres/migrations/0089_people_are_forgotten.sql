-- A private chat has the id of its person: with it goes who brought feeds to groups, as who keeps them.
CREATE INDEX added_feeds_of_person ON added_feeds (person) WHERE person IS NOT NULL;
CREATE OR REPLACE FUNCTION forget_person() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM keepers WHERE user_id = OLD.id;
    DELETE FROM speakers WHERE user_id = OLD.id;
    UPDATE taken_out SET user_id = 0 WHERE user_id = OLD.id;
    UPDATE added_feeds SET person = NULL WHERE person = OLD.id;
    DELETE FROM person_intake WHERE person = OLD.id;
    RETURN NULL;
END $$;
