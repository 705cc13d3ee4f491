-- How often a digest began anew since its first part was gone, and the message that may have been
-- edited into the whole: an answer to that was lost.
ALTER TABLE deliveries ADD COLUMN renewals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN whole_in INTEGER;
UPDATE deliveries SET whole_in = message_id
    WHERE kind = 'digest' AND state = 'pending' AND message_id IS NOT NULL AND resends > 0;
