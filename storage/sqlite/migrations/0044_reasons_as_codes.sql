-- Reasons are codes with arguments, as JSON arrays, which a reader's language gives its words; they
-- were English sentences. What is no sentence of ours is kept as text.
CREATE TABLE sentences (code TEXT PRIMARY KEY, said TEXT NOT NULL UNIQUE);

INSERT INTO sentences (code, said) VALUES
    ('gathered', 'gathered for the digest'),
    ('gathered_by_topics', 'gathered by its topics'),
    ('topics_cap', 'its topics had their alerts of the day'),
    ('quiet_hours', 'quiet hours'),
    ('breaking', 'many sources carry it'),
    ('topics_gone', 'its topics are muted or gone'),
    ('lost_twice', 'Telegram''s answer was lost twice'),
    ('process_ended', 'the process ended while sending'),
    ('claim_ran_out', 'the claim ran out'),
    ('bot_stopped', 'the bot stopped while sending'),
    ('came_late', 'it came late'),
    ('digest_refused', 'its digest was refused'),
    ('told_in_main', 'the thread is gone, and the main one was told already'),
    ('story_gone', 'the story is no longer stored'),
    ('unwritable', 'it cannot be written; see the log'),
    ('unexpected', 'an unexpected error'),
    ('told_to_wait', 'Telegram has told the bot to wait'),
    ('telegram_silent', 'Telegram did not answer in time'),
    ('no_api_address', 'TELEGRAM_API_URL is not an address'),
    ('pool_closed', 'The connection pool is closed'),
    ('not_served', 'the chat is not served'),
    ('said_stop', 'the chat said /stop'),
    ('shut_out', 'shut out by an operator'),
    ('removed', 'the bot was removed'),
    ('may_not_write', 'the bot may not write here'),
    ('address_unfit', 'the address has blanks, backslashes or control characters'),
    ('address_unreadable', 'the address cannot be read'),
    ('scheme', 'only http and https addresses can be fetched'),
    ('no_host', 'the address has no host'),
    ('host_unfit', 'the address has no valid host name'),
    ('credentials', 'an address with a user name or password is not fetched'),
    ('not_allowed', 'address not allowed; an operator opens private hosts with ALLOWED_PRIVATE_HOSTS'),
    ('unresolved', 'the host name could not be resolved'),
    ('certificate', 'the server''s certificate is not valid'),
    ('insecure', 'no secure connection to the server could be made'),
    ('unreached', 'no connection to the server could be made'),
    ('closed', 'the server closed the connection'),
    ('cut_short', 'the document ended too early'),
    ('bad_http', 'the server''s answer is not proper HTTP'),
    ('broken', 'the connection failed'),
    ('unasked', 'the server answered 304 Not Modified without having been asked'),
    ('gone', 'the host says that this feed is gone (410)'),
    ('gone_once', 'the host says that this feed is gone (410); it is asked once more before that is believed'),
    ('circle', 'the server redirects in a circle'),
    ('redirects_nowhere', 'the server redirects to an address that is none'),
    ('left_alone', 'that host asks to be left alone for now'),
    ('host_busy', 'too much is asked of that host just now'),
    ('host_crowded', 'too many feeds lead to the host that this one is found at'),
    ('no_body', 'empty: the server sent no document'),
    ('encoded_twice', 'the document is encoded more than once'),
    ('encoding', 'the document is in an encoding that was not asked for'),
    ('compression', 'the document''s compression is damaged'),
    ('no_document', 'empty: there is no document'),
    ('damaged', 'the document is damaged and cannot be read'),
    ('attributes', 'the document is damaged: a tag has hundreds of attributes'),
    ('web_page', 'this is a web page, not a feed'),
    ('not_a_feed', 'this is not a feed'),
    ('damaged_json', 'this JSON document is damaged'),
    ('other_json', 'this is a JSON document, but not a JSON Feed'),
    ('too_slow', 'the document took too long to read'),
    ('no_parser', 'the parser could not be started'),
    ('unstorable', 'what it sent cannot be stored; see the log'),
    ('poll_failed', 'an unexpected error; see the log');

-- Those in which something stands: what comes before it and after it, and what it is.
CREATE TABLE patterns (code TEXT PRIMARY KEY, before TEXT, after TEXT, kind TEXT);

INSERT INTO patterns (code, before, after, kind) VALUES
    ('fewer_sources', 'fewer than ', ' sources carry it', 'integer'),
    ('chat_cap', 'this chat had its ', ' alerts of the day', 'integer'),
    ('unexpected_kind', 'unexpected ', '', 'text'),
    ('telegram_status', 'Telegram answered ', ' without a result', 'integer'),
    ('answer_lost', 'The answer was lost: ', '', 'text'),
    ('telegram_unreached', 'No connection to Telegram: ', '', 'text'),
    ('address_long', 'the address is longer than ', ' characters', 'integer'),
    ('port', 'the port is not one of ', '', 'text'),
    ('no_answer', 'no answer within ', ' s', 'real'),
    ('odd_status', 'the server answered ', '', 'integer'),
    ('redirects', 'the server redirects more than ', ' times', 'integer'),
    ('too_large', 'the document is larger than ', ' bytes', 'integer'),
    ('topic_muted', 'the topic ', ' is muted', 'text'),
    ('muted', '', ' is muted', 'text');

CREATE TABLE whys (said TEXT PRIMARY KEY, why TEXT);

INSERT INTO whys (said)
    SELECT error FROM deliveries WHERE error IS NOT NULL
    UNION SELECT kept_by FROM matches WHERE kept_by IS NOT NULL
    UNION SELECT error FROM feeds WHERE error IS NOT NULL
    UNION SELECT reason FROM chats WHERE reason IS NOT NULL;

UPDATE whys SET why = (SELECT json_array(code) FROM sentences s WHERE s.said = whys.said);

-- A status with its phrase has two arguments.
UPDATE whys SET why = json_array('status', CAST(substr(said, 21, 3) AS INTEGER), substr(said, 25))
    WHERE why IS NULL AND said GLOB 'the server answered [0-9][0-9][0-9] ?*';

UPDATE whys SET why = (
    SELECT json_array(p.code, CASE p.kind
        WHEN 'integer' THEN CAST(argument AS INTEGER) WHEN 'real' THEN CAST(argument AS REAL)
        ELSE argument END)
    FROM (
        SELECT rowid AS place, code, kind,
            substr(said, length(before) + 1, length(said) - length(before) - length(after))
            AS argument
        FROM patterns
        WHERE length(said) > length(before) + length(after)
        AND substr(said, 1, length(before)) = before
        AND substr(said, length(said) - length(after) + 1) = after
    ) p
    WHERE p.kind = 'text' OR argument NOT GLOB '*[^0-9.]*' ORDER BY p.place LIMIT 1
) WHERE why IS NULL;

UPDATE whys SET why = json_array('text', said) WHERE why IS NULL;

UPDATE deliveries SET error = (SELECT why FROM whys WHERE said = error) WHERE error IS NOT NULL;

UPDATE matches SET kept_by = (SELECT why FROM whys WHERE said = kept_by)
    WHERE kept_by IS NOT NULL;

UPDATE feeds SET error = (SELECT why FROM whys WHERE said = error) WHERE error IS NOT NULL;

UPDATE chats SET reason = (SELECT why FROM whys WHERE said = reason) WHERE reason IS NOT NULL;

-- Of these there may be several, with commas between them.
DELETE FROM whys;

INSERT INTO whys (said, why)
    SELECT DISTINCT known_by_reason, '[' ||
        replace(replace(replace(replace(replace(replace(replace(replace(known_by_reason,
        'ids repeat', '["ids_repeat"]'),
        'ids are missing', '["ids_missing"]'),
        'ids are used again', '["ids_reused"]'),
        'ids change', '["ids_change"]'),
        'links are missing or shared', '["links_missing"]'),
        'links change', '["links_change"]'),
        'dates change', '["dates_change"]'),
        ', ', ',') || ']'
    FROM feeds WHERE known_by_reason IS NOT NULL;

UPDATE whys SET why = '[' || json_array('text', said) || ']'
    WHERE CASE WHEN json_valid(why) THEN json_type(why, '$[0]') <> 'array' ELSE 1 END;

UPDATE feeds SET known_by_reason = (SELECT why FROM whys WHERE said = known_by_reason)
    WHERE known_by_reason IS NOT NULL;

DROP TABLE sentences;

DROP TABLE patterns;

DROP TABLE whys;
