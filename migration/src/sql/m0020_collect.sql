-- What is done with delivered videos: marks, archives, and links that show them to others.

CREATE TABLE video_marks ( -- @entity video_mark: What a member thinks of a video
  video_id     {id}   NOT NULL PRIMARY KEY, -- @VideoId Of what; the newest mark counts
  batch_id     {id}   NOT NULL, -- @BatchId Of what
  workspace_id {id}   NOT NULL, -- @WorkspaceId Whose
  mark         {text} NOT NULL CHECK (mark IN ('KEEP','REJECT')), -- @Mark The verdict
  marked_by    {id}   NOT NULL, -- @UserId Who
  marked_at    {int}  NOT NULL  -- @UnixMs When
){strict};
CREATE INDEX video_marks_by_batch ON video_marks (batch_id, mark);

CREATE TABLE zip_orders ( -- @entity zip_order: Which videos a signed link to an archive means
  id           {id}   NOT NULL PRIMARY KEY, -- @ZipId Which
  workspace_id {id}   NOT NULL, -- @WorkspaceId Whose
  batch_id     {id}   NOT NULL, -- @BatchId Of what
  videos       {json}, -- @Option<Json> Ordinals, rising; NULL: all of the batch
  kept_only    {bool} NOT NULL, -- @bool Only what is marked KEEP when it is fetched
  with_cost    {bool} NOT NULL, -- @bool Whether who asked sees prices
  created_by   {text} NOT NULL, -- @String Who asked
  created_at   {int}  NOT NULL, -- @UnixMs When
  expires_at   {int}  NOT NULL  -- @UnixMs Useless from here on
){strict};
CREATE INDEX zip_orders_by_workspace ON zip_orders (workspace_id, expires_at);

CREATE TABLE share_links ( -- @entity share_link: A revocable link that shows videos to whoever has it
  id             {id}    NOT NULL PRIMARY KEY, -- @ShareId Which
  workspace_id   {id}    NOT NULL, -- @WorkspaceId Whose
  batch_id       {id}    NOT NULL, -- @BatchId Of what
  token_sha256   {bytes} NOT NULL UNIQUE, -- @Vec<u8> SHA-256 of the token; the token itself is never stored
  videos         {json}, -- @Option<Json> Ordinals, rising; NULL: all of the batch
  kept_only      {bool}  NOT NULL, -- @bool Only what is marked KEEP when it is opened
  show_prompts   {bool}  NOT NULL, -- @bool Whether prompts are shown
  created_by     {id}    NOT NULL, -- @UserId Who made it
  created_at     {int}   NOT NULL, -- @UnixMs When
  expires_at     {int}   NOT NULL, -- @UnixMs Useless from here on
  revoked_at     {int},            -- @Option<UnixMs> Withdrawn
  revoked_by     {id},             -- @Option<UserId> By whom
  opened         {int}   NOT NULL CHECK (opened >= 0), -- @i64 How often its first page was shown
  last_opened_at {int}             -- @Option<UnixMs> The last time
){strict};
CREATE INDEX share_links_by_workspace ON share_links (workspace_id, id);
