-- History is append-only. The ledger for ever; audit and access rows until they are 396 days old
-- (13 months), after which an operator may drop them by whole months.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE FUNCTION refuse_early_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 34214400000 THEN
    RAISE EXCEPTION '% is append-only within its retention period', TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER credit_ledger_no_change BEFORE UPDATE OR DELETE ON credit_ledger
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER credit_ledger_no_truncate BEFORE TRUNCATE ON credit_ledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_early_delete BEFORE DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();

CREATE TRIGGER access_log_no_update BEFORE UPDATE ON video_external_access_log
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_no_early_delete BEFORE DELETE ON video_external_access_log
FOR EACH ROW EXECUTE FUNCTION refuse_early_delete();
