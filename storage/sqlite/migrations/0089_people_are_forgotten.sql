-- A private chat has the id of its person: with it goes who brought feeds to groups, as who keeps them.
CREATE INDEX added_feeds_of_person ON added_feeds (person) WHERE person IS NOT NULL;
CREATE TRIGGER bringer_is_forgotten AFTER DELETE ON chats WHEN OLD.id > 0 BEGIN
    UPDATE added_feeds SET person = NULL WHERE person = OLD.id;
    DELETE FROM person_intake WHERE person = OLD.id;
END;
