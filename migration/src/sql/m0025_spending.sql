-- What a wallet may spend in a period, and when its owners want to be told that little is left.

CREATE TABLE spend_limits ( -- @entity spend_limit: Limits that a workspace sets itself
  wallet_id   {id}  NOT NULL PRIMARY KEY REFERENCES credit_wallet(id), -- @WalletId Of which wallet
  daily       {int} CHECK (daily > 0),       -- @Option<Credits> Most credits launched in a UTC day, less what was given back
  monthly     {int} CHECK (monthly > 0),     -- @Option<Credits> The same in a UTC month
  low_balance {int} CHECK (low_balance > 0), -- @Option<Credits> Told when less than this is available
  low_since   {int},                         -- @Option<UnixMs> When it was told; empty again once enough is available
  changed_at  {int} NOT NULL,                -- @UnixMs Last set
  CHECK (low_since IS NULL OR low_balance IS NOT NULL)
){strict};

-- What a period has spent is read from its holds, under the wallet's lock.
CREATE INDEX credit_hold_by_time ON credit_hold (wallet_id, created_at);
-- Invitations of a workspace that stand open.
CREATE INDEX one_time_links_by_workspace ON one_time_links (workspace_id, id) WHERE used_at IS NULL;
