-- Vouchers: credits by a code, made by the operator, taken by workspaces.

CREATE TABLE vouchers ( -- @entity voucher: A code worth credits
  id           {id}    NOT NULL PRIMARY KEY, -- @VoucherId Which
  code_sha256  {bytes} NOT NULL UNIQUE,      -- @Vec<u8> SHA-256 of the code; the code itself is shown once and never stored
  credits      {int}   NOT NULL CHECK (credits > 0),     -- @Credits What each workspace gets
  credits_days {int}   CHECK (credits_days > 0),         -- @Option<i64> Days until what is left of them lapses; never without it
  max_uses     {int}   NOT NULL CHECK (max_uses > 0),    -- @i64 Workspaces that may take it
  uses         {int}   NOT NULL CHECK (uses >= 0),       -- @i64 Workspaces that have
  expires_at   {int}   NOT NULL,             -- @UnixMs Useless from here on
  reason       {text}  NOT NULL,             -- @String Why it was made
  created_by   {text}  NOT NULL,             -- @String `cli` or `operator:usr_…`
  created_at   {int}   NOT NULL,             -- @UnixMs When
  revoked_at   {int},                        -- @Option<UnixMs> Taken back
  CHECK (uses <= max_uses)
){strict};

CREATE TABLE voucher_uses ( -- @entity voucher_use: A voucher that a workspace has taken
  voucher_id   {id}  NOT NULL REFERENCES vouchers(id),   -- @VoucherId Which
  workspace_id {id}  NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Who
  user_id      {id}  NOT NULL,                           -- @UserId By whose hand
  at           {int} NOT NULL,                           -- @UnixMs When
  PRIMARY KEY (voucher_id, workspace_id)
){strict};
