-- How often a digest began anew since its first part was gone.
ALTER TABLE deliveries ADD COLUMN renewals INTEGER NOT NULL DEFAULT 0;
