-- History is append-only. The ledger for ever; audit and access rows until they are 396 days old
-- (13 months), after which an operator may drop them by whole months.
CREATE TRIGGER credit_ledger_no_update BEFORE UPDATE ON credit_ledger
BEGIN SELECT RAISE(ABORT, 'credit_ledger is append-only'); END;
CREATE TRIGGER credit_ledger_no_delete BEFORE DELETE ON credit_ledger
BEGIN SELECT RAISE(ABORT, 'credit_ledger is append-only'); END;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_early_delete BEFORE DELETE ON audit_log
WHEN OLD.at > CAST(unixepoch('subsec') * 1000 AS INTEGER) - 34214400000
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only within its retention period'); END;

CREATE TRIGGER access_log_no_update BEFORE UPDATE ON video_external_access_log
BEGIN SELECT RAISE(ABORT, 'video_external_access_log is append-only'); END;
CREATE TRIGGER access_log_no_early_delete BEFORE DELETE ON video_external_access_log
WHEN OLD.at > CAST(unixepoch('subsec') * 1000 AS INTEGER) - 34214400000
BEGIN SELECT RAISE(ABORT, 'video_external_access_log is append-only within its retention period'); END;
