-- What was done to one thing is read by the thing.

CREATE INDEX audit_by_subject ON audit_log (workspace_id, subject, id);
