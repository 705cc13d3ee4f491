-- The terms of a report, by which stories are told apart, as long as the window holds it: a start
-- need not split its text again.
CREATE TABLE report_terms (
    report_id INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    at REAL NOT NULL,
    terms TEXT NOT NULL
) STRICT;
