-- History holds against TRUNCATE, which fires no row trigger.
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_no_truncate BEFORE TRUNCATE ON video_external_access_log
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
