-- Processes that work on one database, and what of the work each of them has: on PostgreSQL. Here
-- there is one, which the lock and the lease name, and nothing is written.
CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    mark TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    rate REAL NOT NULL,
    until REAL NOT NULL
) STRICT;
CREATE TABLE shares (
    role TEXT NOT NULL,
    slot INTEGER NOT NULL,
    member INTEGER NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (role, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_of_member ON shares (member);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('members', 'sqlite_autoindex_members_1', '1 1'),
    ('shares', 'shares', '64 8 1'),
    ('shares', 'shares_of_member', '64 64');
