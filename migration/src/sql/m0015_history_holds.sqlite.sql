-- History holds against hands other than ours: against REPLACE, which deletes rows without firing
-- their DELETE triggers, and on SQLite before 3.42, where unixepoch('subsec') is NULL.
CREATE TRIGGER credit_ledger_no_replace BEFORE INSERT ON credit_ledger
WHEN EXISTS (SELECT 1 FROM credit_ledger WHERE wallet_id = NEW.wallet_id AND wseq = NEW.wseq)
  OR EXISTS (SELECT 1 FROM credit_ledger WHERE hold_id = NEW.hold_id AND video_id = NEW.video_id AND leg = NEW.leg)
  OR EXISTS (SELECT 1 FROM credit_ledger WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'credit_ledger is append-only'); END;

CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM audit_log WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
DROP TRIGGER audit_log_no_early_delete;
CREATE TRIGGER audit_log_no_early_delete BEFORE DELETE ON audit_log
WHEN (OLD.at <= CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 34214400000) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only within its retention period'); END;

CREATE TRIGGER access_log_no_replace BEFORE INSERT ON video_external_access_log
WHEN EXISTS (SELECT 1 FROM video_external_access_log WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM video_external_access_log WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'video_external_access_log is append-only'); END;
DROP TRIGGER access_log_no_early_delete;
CREATE TRIGGER access_log_no_early_delete BEFORE DELETE ON video_external_access_log
WHEN (OLD.at <= CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 34214400000) IS NOT TRUE
BEGIN SELECT RAISE(ABORT, 'video_external_access_log is append-only within its retention period'); END;
