-- A link that several entries of a document share is kept without its canonical form, and asked
-- for by itself.
CREATE INDEX reports_by_shared_link ON reports (link) WHERE canonical IS NULL AND link IS NOT NULL;
