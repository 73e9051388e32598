-- Quotes, batches, videos and everything the line counts.

CREATE TABLE quotes ( -- @entity quote: Exact count and price of one launch
  id               {id}   NOT NULL PRIMARY KEY, -- @QuoteId Which
  workspace_id     {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Whose
  mode             {text} NOT NULL CHECK (mode IN ('LIVE','TEST')), -- @Mode Which wallet pays
  template_id      {id}   NOT NULL, -- @TemplateId What
  template_version {int}  NOT NULL, -- @i64 Pinned
  selection        {json} NOT NULL, -- @Json `prompt::Selection`, pinned
  model            {text} NOT NULL, -- @String Model code
  seconds          {int}  NOT NULL CHECK (seconds > 0), -- @i64 Length of a video
  aspect           {text} NOT NULL, -- @Aspect Shape
  resolution       {text} NOT NULL, -- @Resolution Lines
  seed             {int}  NOT NULL, -- @i64 Seed that videos derive theirs from
  watermark        {bool} NOT NULL, -- @bool Decided by the plan when quoted
  video_count      {int}  NOT NULL CHECK (video_count > 0),     -- @i64 N×M×K after exclusions and sample
  price_per_video  {int}  NOT NULL CHECK (price_per_video > 0), -- @Credits Price of one
  total            {int}  NOT NULL CHECK (total > 0),           -- @Credits price_per_video × video_count
  price_version    {int}  NOT NULL, -- @i64 Price list it was made from
  created_by       {id}   NOT NULL, -- @UserId Who asked
  created_at       {int}  NOT NULL, -- @UnixMs When
  expires_at       {int}  NOT NULL, -- @UnixMs Cannot be launched from here on
  CHECK (total = price_per_video * video_count)
){strict};

CREATE TABLE batch_jobs ( -- @entity batch_job: One launch
  id               {id}   NOT NULL PRIMARY KEY, -- @BatchId Which
  workspace_id     {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Whose
  wallet_id        {id}   NOT NULL, -- @WalletId Who pays
  quote_id         {id}   NOT NULL UNIQUE, -- @QuoteId A quote is launched once
  template_id      {id}   NOT NULL, -- @TemplateId From what
  template_version {int}  NOT NULL, -- @i64 Pinned
  name             {text} NOT NULL, -- @String Shown
  mode             {text} NOT NULL CHECK (mode IN ('LIVE','TEST')), -- @Mode Live or test
  model            {text} NOT NULL, -- @String Model code
  seconds          {int}  NOT NULL, -- @i64 Length of a video
  aspect           {text} NOT NULL, -- @Aspect Shape
  resolution       {text} NOT NULL, -- @Resolution Lines
  seed             {int}  NOT NULL, -- @i64 Base seed
  watermark        {bool} NOT NULL, -- @bool Drawn into every video
  variables        {json} NOT NULL, -- @Json Names of the bindings in axis order, an array
  price_per_video  {int}  NOT NULL CHECK (price_per_video > 0), -- @Credits The quoted price is the price
  priority         {text} NOT NULL CHECK (priority IN ('INTERACTIVE','BULK')), -- @Priority Order inside a lane
  gate             {text} NOT NULL CHECK (gate IN ('OPEN','PILOT','PAUSED','CLOSED')), -- @Gate Whether videos may be claimed
  paused_from      {text}, -- @Option<Gate> The gate that resume returns to
  round            {int}  NOT NULL CHECK (round >= 1), -- @i64 Current round
  state            {text} NOT NULL, -- @BatchState Always batch_state(total, delivered, open, ever_claimed, cancel_requested)
  total            {int}  NOT NULL CHECK (total > 0), -- @i64 Videos
  delivered        {int}  NOT NULL CHECK (delivered >= 0), -- @i64 Ended DELIVERED
  failed           {int}  NOT NULL CHECK (failed >= 0),    -- @i64 Ended FAILED
  cancelled        {int}  NOT NULL CHECK (cancelled >= 0), -- @i64 Ended CANCELLED
  ever_claimed     {bool} NOT NULL, -- @bool A worker has touched it
  cancel_requested {bool} NOT NULL, -- @bool Asked to stop
  rev              {int}  NOT NULL, -- @i64 Bumped under the row's lock by every change of its videos
  allowance_day    {int}  NOT NULL, -- @i64 UTC day whose allowance it drew on
  created_by       {id}   NOT NULL, -- @UserId Who launched
  created_at       {int}  NOT NULL, -- @UnixMs When
  settled_at       {int},           -- @Option<UnixMs> When no video was open any more
  CHECK (delivered + failed + cancelled <= total)
){strict};
CREATE INDEX batch_jobs_by_workspace ON batch_jobs (workspace_id, id);
CREATE INDEX batch_jobs_open ON batch_jobs (workspace_id, priority, id) WHERE settled_at IS NULL;

CREATE TABLE batch_items ( -- @entity batch_item: One video of a batch
  id           {id}   NOT NULL PRIMARY KEY, -- @VideoId Which
  batch_id     {id}   NOT NULL REFERENCES batch_jobs(id), -- @BatchId Of what
  workspace_id {id}   NOT NULL, -- @WorkspaceId Whose
  ordinal      {int}  NOT NULL, -- @i64 0 … total−1, in selection order
  prompt       {text} NOT NULL, -- @String Expanded prompt
  bindings     {json} NOT NULL, -- @Json Variable → value, an object
  seed         {int}  NOT NULL, -- @i64 Seed given to the model
  state        {text} NOT NULL CHECK (state IN ('QUEUED','SUBMITTING','RENDERING','STORING','DELIVERED','FAILED','CANCELLED','OUTCOME_UNKNOWN')), -- @VideoState Where it stands
  attempt      {int}  NOT NULL, -- @i64 Grows only when something is submitted
  lease_epoch  {int}  NOT NULL, -- @i64 Grows with every claim; fences every later write of the claimant
  lease_owner  {text}, -- @Option<String> Process that holds the lease
  lease_until  {int},  -- @Option<UnixMs> By the database's clock
  not_before   {int}  NOT NULL, -- @UnixMs Not to be claimed earlier (back-off)
  round        {int}  NOT NULL, -- @i64 Round of its current share
  rev          {int}  NOT NULL, -- @i64 Batch revision of its newest change
  error_code   {text}, -- @Option<String> FAILED: closed code
  error_detail {text}, -- @Option<String> FAILED: reason, without secrets
  ended_at     {int},  -- @Option<UnixMs> Terminal since
  UNIQUE (batch_id, ordinal)
){strict}{fill70};
CREATE INDEX batch_items_by_rev ON batch_items (batch_id, rev);
CREATE INDEX batch_items_queued ON batch_items (batch_id, ordinal) WHERE state = 'QUEUED';
-- The videos in flight: SQLite uses it only for queries that repeat this very condition.
CREATE INDEX batch_items_in_flight ON batch_items (workspace_id, lease_until) WHERE state IN ('SUBMITTING', 'RENDERING', 'STORING', 'OUTCOME_UNKNOWN');

CREATE TABLE attempts ( -- @entity attempt: One submission of a video to one provider
  video_id        {id}   NOT NULL REFERENCES batch_items(id), -- @VideoId Of what
  attempt         {int}  NOT NULL, -- @i64 1, 2, 3 …
  batch_id        {id}   NOT NULL, -- @BatchId Of what
  workspace_id    {id}   NOT NULL, -- @WorkspaceId Whose
  provider        {text} NOT NULL, -- @String To whom
  reference       {text} NOT NULL UNIQUE, -- @String Ours, committed before the call
  provider_job_id {text}, -- @Option<String> Theirs, committed before anything else happens
  outcome         {text}, -- @Option<AttemptOutcome> How it ended
  error_code      {text}, -- @Option<String> Class of failure
  error_detail    {text}, -- @Option<String> Words of the provider, cut
  cost_minor      {int},  -- @Option<i64> What the provider charged, minor units
  cost_currency   {text}, -- @Option<String> ISO 4217
  late            {bool} NOT NULL, -- @bool Finished after its share was released
  claimed_at      {int}  NOT NULL, -- @UnixMs → SUBMITTING
  submitted_at    {int},  -- @Option<UnixMs> → RENDERING
  stored_from_at  {int},  -- @Option<UnixMs> → STORING
  ended_at        {int},  -- @Option<UnixMs> → ended
  PRIMARY KEY (video_id, attempt)
){strict};

CREATE TABLE lanes ( -- @entity lane: A workspace's place in the work queue
  workspace_id {id}  NOT NULL PRIMARY KEY, -- @WorkspaceId Whose
  in_flight    {int} NOT NULL CHECK (in_flight >= 0), -- @i64 Videos in SUBMITTING … OUTCOME_UNKNOWN
  cap          {int} NOT NULL CHECK (cap >= 0),       -- @i64 Most at once, from the plan
  weight       {int} NOT NULL CHECK (weight > 0)      -- @i64 Share of the line, from the plan
){strict};

CREATE TABLE provider_counters ( -- @entity provider_counter: Submissions in flight at one provider
  provider  {text} NOT NULL PRIMARY KEY, -- @String Which
  in_flight {int}  NOT NULL CHECK (in_flight >= 0), -- @i64 Now
  cap       {int}  NOT NULL CHECK (cap >= 0)        -- @i64 Most at once
){strict};

CREATE TABLE daily_allowances ( -- @entity daily_allowance: Videos launched per workspace and UTC day
  workspace_id {id}  NOT NULL, -- @WorkspaceId Whose
  day          {int} NOT NULL, -- @i64 UTC day number since 1970-01-01
  used         {int} NOT NULL CHECK (used >= 0), -- @i64 Given back for what was not delivered
  PRIMARY KEY (workspace_id, day)
){strict};

CREATE TABLE open_batches ( -- @entity open_batch: Unsettled batches per workspace
  workspace_id {id}  NOT NULL PRIMARY KEY, -- @WorkspaceId Whose
  open_count   {int} NOT NULL CHECK (open_count >= 0) -- @i64 Now
){strict};
