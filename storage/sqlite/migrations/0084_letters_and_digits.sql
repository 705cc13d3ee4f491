-- Names that differ in letters of Persian and Urdu keyboards, or in digits, are one now. Of two that
-- became one the first keeps the key.
UPDATE OR IGNORE topics SET name_key = folded(name_key);
