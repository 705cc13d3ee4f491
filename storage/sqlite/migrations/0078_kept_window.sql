-- The window in which reports join stories, as a stop left it: the next start need not make it anew.
CREATE TABLE window_parts (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    piece  BLOB NOT NULL
) STRICT;
