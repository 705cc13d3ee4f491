-- The window in which reports join stories, as a stop left it: the next start need not make it anew.
CREATE TABLE window_parts (
    number BIGINT PRIMARY KEY,
    name   TEXT NOT NULL,
    piece  BYTEA NOT NULL
);
