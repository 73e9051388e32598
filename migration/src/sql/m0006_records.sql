-- What commits together with a fact: audit, outgoing messages, idempotency.

CREATE TABLE audit_log ( -- @entity audit: Who did what
  id           {id}   NOT NULL PRIMARY KEY, -- @AuditId Which
  workspace_id {id},            -- @Option<WorkspaceId> Where, if anywhere
  actor        {text} NOT NULL, -- @String `usr_…`, `operator:usr_…`, `cli` or `system`
  action       {text} NOT NULL, -- @String `batch.launch`, `credits.grant` …
  subject      {text} NOT NULL, -- @String Typed id of what it was done to
  detail       {json} NOT NULL, -- @Json Amounts and reasons; never a secret or a prompt
  request_id   {text} NOT NULL, -- @String Ties it to the log
  at           {int}  NOT NULL  -- @UnixMs When
){strict};
CREATE INDEX audit_by_workspace ON audit_log (workspace_id, id);

CREATE TABLE outbox ( -- @entity outbox: A message that commits with its fact and is sent afterwards
  id           {id}   NOT NULL PRIMARY KEY, -- @OutboxId Which
  workspace_id {id},            -- @Option<WorkspaceId> Whose
  topic        {text} NOT NULL, -- @String `batch.settled` …
  payload      {json} NOT NULL, -- @Json Body
  created_at   {int}  NOT NULL, -- @UnixMs Written
  sent_at      {int}            -- @Option<UnixMs> Handed over
){strict};
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;

CREATE TABLE idempotency_keys ( -- @entity idempotency_key: A spending request that has been carried out
  workspace_id {id}    NOT NULL, -- @WorkspaceId Scope
  operation    {text}  NOT NULL, -- @String `launchBatch` …
  key          {text}  NOT NULL, -- @String As sent
  input_sha256 {bytes} NOT NULL, -- @Vec<u8> Of the canonical input
  result_id    {id}    NOT NULL, -- @Uuid The object it made; a repeat reads that again
  created_at   {int}   NOT NULL, -- @UnixMs Kept 7 days
  PRIMARY KEY (workspace_id, operation, key)
){strict};
