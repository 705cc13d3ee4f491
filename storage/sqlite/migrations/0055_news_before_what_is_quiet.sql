-- What rings is placed before what does not, of the operator's feeds and then of guests': a first
-- poll of many feeds leaves tens of thousands of quiet reports, behind which no news must wait.
DROP INDEX reports_unplaced;
CREATE INDEX reports_unplaced ON reports (guest, quiet, id) WHERE story_id IS NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('reports', 'reports_unplaced', '50 25 12 1');
