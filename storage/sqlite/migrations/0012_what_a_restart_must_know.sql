-- When Telegram was last written to about a delivery that did not end then: a process that begins
-- counts it against the pace. (An edit, the first part of a digest, an answer that was lost.)
CREATE INDEX deliveries_edited ON deliveries (edited_at) WHERE edited_at IS NOT NULL;
