-- Whose wishes changed, in order: the newest version is that of the whole audience. A desk that
-- knows version n asks for the chats above it; of a desk too far behind everything is read anew.

CREATE TABLE audience_changes (
    version INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL
) STRICT;

DROP TRIGGER audience_chats;
DROP TRIGGER audience_chat_gone;
DROP TRIGGER audience_subscribed;
DROP TRIGGER audience_unsubscribed;
DROP TRIGGER audience_topic_added;
DROP TRIGGER audience_topic_changed;
DROP TRIGGER audience_topic_gone;
DROP TRIGGER audience_habits;
DROP TRIGGER audience_muted;
DROP TRIGGER audience_mute_changed;
DROP TRIGGER audience_unmuted;
DELETE FROM facts WHERE name = 'audience';

CREATE TRIGGER audience_remembers AFTER INSERT ON audience_changes BEGIN
    DELETE FROM audience_changes WHERE version <= NEW.version - 10000;
END;

CREATE TRIGGER audience_chat_changed AFTER UPDATE OF id, state, habits, timezone ON chats BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.id);
    INSERT INTO audience_changes (chat_id) SELECT NEW.id WHERE NEW.id <> OLD.id;
END;
CREATE TRIGGER audience_chat_gone AFTER DELETE ON chats BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.id);
END;

CREATE TRIGGER audience_subscribed AFTER INSERT ON subscriptions BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (NEW.chat_id);
END;
CREATE TRIGGER audience_subscription_changed AFTER UPDATE ON subscriptions BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
    INSERT INTO audience_changes (chat_id) SELECT NEW.chat_id WHERE NEW.chat_id <> OLD.chat_id;
END;
CREATE TRIGGER audience_unsubscribed AFTER DELETE ON subscriptions BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
END;

CREATE TRIGGER audience_topic_added AFTER INSERT ON topics BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (NEW.chat_id);
END;
CREATE TRIGGER audience_topic_changed AFTER UPDATE ON topics BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
    INSERT INTO audience_changes (chat_id) SELECT NEW.chat_id WHERE NEW.chat_id <> OLD.chat_id;
END;
CREATE TRIGGER audience_topic_gone AFTER DELETE ON topics BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
END;

CREATE TRIGGER audience_muted AFTER INSERT ON mutes BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (NEW.chat_id);
END;
CREATE TRIGGER audience_mute_changed AFTER UPDATE ON mutes BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
    INSERT INTO audience_changes (chat_id) SELECT NEW.chat_id WHERE NEW.chat_id <> OLD.chat_id;
END;
CREATE TRIGGER audience_unmuted AFTER DELETE ON mutes BEGIN
    INSERT INTO audience_changes (chat_id) VALUES (OLD.chat_id);
END;
