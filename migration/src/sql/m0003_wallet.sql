-- Credits. `credit_ledger` is the record; every other number here is a cache that `reelmill ledger check` derives again.

CREATE TABLE credit_wallet ( -- @entity credit_wallet: A workspace's credits in one mode
  id           {id}   NOT NULL PRIMARY KEY, -- @WalletId Which
  workspace_id {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Whose
  mode         {text} NOT NULL CHECK (mode IN ('LIVE','TEST')), -- @Mode Live and test never meet
  available    {int}  NOT NULL CHECK (available >= 0), -- @Credits Can be spent
  held         {int}  NOT NULL CHECK (held >= 0),      -- @Credits Frozen for open videos
  debt         {int}  NOT NULL CHECK (debt >= 0),      -- @Credits Owed after a clawback; paid first by the next grant
  wseq         {int}  NOT NULL CHECK (wseq >= 0),      -- @i64 Number of the newest ledger row: gapless
  next_expiry  {int},                       -- @Option<UnixMs> Not later than the earliest expiry of a lot with credits remaining; found afresh when it passes
  created_at   {int}  NOT NULL,             -- @UnixMs Opened
  UNIQUE (workspace_id, mode)
){strict};
CREATE INDEX credit_wallet_expiry ON credit_wallet (next_expiry) WHERE next_expiry IS NOT NULL;

CREATE TABLE credit_lot ( -- @entity credit_lot: One grant of credits
  id         {id}   NOT NULL PRIMARY KEY, -- @LotId Which
  wallet_id  {id}   NOT NULL REFERENCES credit_wallet(id), -- @WalletId Whose
  source     {text} NOT NULL CHECK (source IN ('TRIAL','PROMO','SUBSCRIPTION','PURCHASE','ADJUSTMENT','GRACE')), -- @LotSource Where it came from
  source_ref {text} NOT NULL,             -- @String The business object it stands for; unique per wallet, so that a grant happens once
  priority   {int}  NOT NULL,             -- @i64 Burned in rising order: trial 10, promo 20, subscription 30, purchased 50
  granted    {int}  NOT NULL CHECK (granted > 0),    -- @Credits Size; grows only on grace lots
  remaining  {int}  NOT NULL CHECK (remaining >= 0), -- @Credits Free to freeze
  held       {int}  NOT NULL CHECK (held >= 0),      -- @Credits Part of open holds
  consumed   {int}  NOT NULL CHECK (consumed >= 0),  -- @Credits Captured
  expired    {int}  NOT NULL CHECK (expired >= 0),   -- @Credits Lapsed
  clawed     {int}  NOT NULL CHECK (clawed >= 0),    -- @Credits Taken back by an adjustment
  expires_at {int},                       -- @Option<UnixMs> Remaining credits lapse here; held ones do not
  grace_hold {id},                        -- @Option<HoldId> GRACE: the hold whose release it caught
  grace_lot  {id},                        -- @Option<LotId> GRACE: the expired lot it stands in for
  created_at {int}  NOT NULL,             -- @UnixMs Granted
  UNIQUE (wallet_id, source_ref),
  CHECK (remaining + held + consumed + expired + clawed = granted)
){strict};
CREATE INDEX credit_lot_burn ON credit_lot (wallet_id, priority, expires_at, id) WHERE remaining > 0;
CREATE INDEX credit_lot_grace ON credit_lot (grace_hold) WHERE grace_hold IS NOT NULL;

CREATE TABLE credit_hold ( -- @entity credit_hold: Credits frozen for one round of a batch
  id         {id}  NOT NULL PRIMARY KEY, -- @HoldId Which
  wallet_id  {id}  NOT NULL REFERENCES credit_wallet(id), -- @WalletId From where
  batch_id   {id}  NOT NULL,             -- @BatchId For what
  round      {int} NOT NULL CHECK (round >= 1),  -- @i64 1 is the launch, each retry the next
  amount     {int} NOT NULL CHECK (amount > 0),  -- @Credits Frozen
  captured   {int} NOT NULL CHECK (captured >= 0), -- @Credits Charged
  released   {int} NOT NULL CHECK (released >= 0), -- @Credits Given back
  created_at {int} NOT NULL,             -- @UnixMs Frozen
  closed_at  {int},                      -- @Option<UnixMs> When captured + released reached amount
  UNIQUE (batch_id, round),
  CHECK (captured + released <= amount)
){strict};
CREATE INDEX credit_hold_open ON credit_hold (wallet_id) WHERE closed_at IS NULL;

CREATE TABLE credit_hold_lot ( -- @entity credit_hold_lot: The part of a hold that came from one lot
  hold_id  {id}  NOT NULL REFERENCES credit_hold(id), -- @HoldId Of what
  lot_id   {id}  NOT NULL REFERENCES credit_lot(id),  -- @LotId From where
  ord      {int} NOT NULL,                            -- @i64 Burn order: captures rise, releases fall
  amount   {int} NOT NULL CHECK (amount > 0),         -- @Credits Drawn
  captured {int} NOT NULL CHECK (captured >= 0),      -- @Credits Charged
  released {int} NOT NULL CHECK (released >= 0),      -- @Credits Given back
  PRIMARY KEY (hold_id, lot_id),
  UNIQUE (hold_id, ord),
  CHECK (captured + released <= amount)
){strict};

CREATE TABLE credit_hold_item ( -- @entity credit_hold_item: One video's share of a hold
  hold_id     {id}   NOT NULL REFERENCES credit_hold(id), -- @HoldId Of what
  video_id    {id}   NOT NULL,                            -- @VideoId For whom
  amount      {int}  NOT NULL CHECK (amount > 0),         -- @Credits Price of the video
  state       {text} NOT NULL CHECK (state IN ('OPEN','CAPTURED','RELEASED')), -- @ShareState Resolved once
  resolved_at {int},                                      -- @Option<UnixMs> When
  PRIMARY KEY (hold_id, video_id)
){strict}{fill45};
CREATE UNIQUE INDEX credit_hold_item_one_open ON credit_hold_item (video_id) WHERE state = 'OPEN';
CREATE UNIQUE INDEX credit_hold_item_one_capture ON credit_hold_item (video_id) WHERE state = 'CAPTURED';

CREATE TABLE credit_ledger ( -- @entity credit_ledger: One transfer; append-only for ever
  wallet_id       {id}   NOT NULL, -- @WalletId Whose books
  wseq            {int}  NOT NULL CHECK (wseq >= 1), -- @i64 Gapless per wallet
  kind            {text} NOT NULL CHECK (kind IN ('GRANT','FREEZE','CAPTURE','RELEASE','EXPIRE','ADJUST','DEBT')), -- @TransferKind What happened
  debit_account   {text} NOT NULL, -- @Account From
  credit_account  {text} NOT NULL, -- @Account To
  amount          {int}  NOT NULL CHECK (amount > 0), -- @Credits How much
  available_after {int}  NOT NULL CHECK (available_after >= 0), -- @Credits Running balance
  held_after      {int}  NOT NULL CHECK (held_after >= 0),      -- @Credits Running held
  lot_id          {id},            -- @Option<LotId> Which lot moved
  hold_id         {id},            -- @Option<HoldId> Which hold
  video_id        {id},            -- @Option<VideoId> With hold_id: which share
  batch_id        {id},            -- @Option<BatchId> For reading by batch
  leg             {int}  NOT NULL, -- @i64 Position inside one intention (a share may draw on several lots)
  actor           {text} NOT NULL, -- @String `usr_…`, `system` or `operator:usr_…`
  reason          {text} NOT NULL, -- @String Words, for grants and adjustments
  created_at      {int}  NOT NULL, -- @UnixMs When
  PRIMARY KEY (wallet_id, wseq),
  CHECK (debit_account <> credit_account)
){strict};
-- A share is resolved once here too. Rows of a freeze have no video: they are in it for reading by hold.
CREATE UNIQUE INDEX credit_ledger_share ON credit_ledger (hold_id, video_id, leg) WHERE hold_id IS NOT NULL;
CREATE INDEX credit_ledger_rare ON credit_ledger (wallet_id, kind, wseq) WHERE kind IN ('GRANT','FREEZE','EXPIRE','ADJUST','DEBT');
