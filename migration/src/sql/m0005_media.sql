-- Delivered files and who looked at them.

CREATE TABLE assets ( -- @entity asset: The stored file of a delivered video
  id           {id}    NOT NULL PRIMARY KEY, -- @AssetId Which
  video_id     {id}    NOT NULL UNIQUE, -- @VideoId A video ends in one asset
  batch_id     {id}    NOT NULL, -- @BatchId Of what
  workspace_id {id}    NOT NULL, -- @WorkspaceId Whose
  attempt      {int}   NOT NULL, -- @i64 Which attempt made it
  object_key   {text}  NOT NULL UNIQUE, -- @String `workspace/batch/video/attempt.mp4` in the store
  poster_key   {text}  NOT NULL, -- @String Still picture
  bytes        {int}   NOT NULL CHECK (bytes > 0), -- @i64 Length of the stored object
  sha256       {bytes} NOT NULL, -- @Vec<u8> Of the stored object
  width        {int}   NOT NULL, -- @i64 Pixels
  height       {int}   NOT NULL, -- @i64 Pixels
  duration_ms  {int}   NOT NULL CHECK (duration_ms > 0), -- @i64 Probed
  codec        {text}  NOT NULL, -- @String Probed
  created_at   {int}   NOT NULL  -- @UnixMs Delivered
){strict};
CREATE INDEX assets_by_batch ON assets (batch_id);

CREATE TABLE video_external_access_log ( -- @entity access_log: One link handed out, or one use of it
  id           {id}   NOT NULL PRIMARY KEY, -- @AccessId Which
  workspace_id {id}   NOT NULL, -- @WorkspaceId Whose
  asset_id     {id}   NOT NULL, -- @AssetId Of what
  kind         {text} NOT NULL CHECK (kind IN ('LINK_ISSUED','FETCHED','REFUSED')), -- @AccessKind What happened
  actor        {text} NOT NULL, -- @String Who issued it
  expires_at   {int}  NOT NULL, -- @UnixMs End of the link
  ip_sha256    {bytes}, -- @Option<Vec<u8>> Keyed hash of the client address
  user_agent   {text} NOT NULL, -- @String First 200 characters
  byte_range   {text}, -- @Option<String> As asked for
  at           {int}  NOT NULL  -- @UnixMs When
){strict};
CREATE INDEX access_by_workspace ON video_external_access_log (workspace_id, id);
