-- People, sessions and the workspaces they belong to.

CREATE TABLE users ( -- @entity user: A person who can sign in
  id            {id}   NOT NULL PRIMARY KEY, -- @UserId Who
  email         {text} NOT NULL UNIQUE,      -- @String Lower-cased address, unique
  password_hash {text} NOT NULL,             -- @String argon2id in PHC form
  display_name  {text} NOT NULL,             -- @String Shown to other members
  locale        {text} NOT NULL,             -- @String `en` or `zh-CN`
  is_operator   {bool} NOT NULL,             -- @bool Runs the installation; set only by `reelmill user operator`
  access_epoch  {int}  NOT NULL,             -- @i64 Bumped by every change of password, role, membership or session
  created_at    {int}  NOT NULL,             -- @UnixMs When the account was made
  disabled_at   {int}                        -- @Option<UnixMs> Set when the account may no longer sign in
){strict};

CREATE TABLE sessions ( -- @entity session: A signed-in browser
  id           {id}    NOT NULL PRIMARY KEY, -- @SessionId Which
  user_id      {id}    NOT NULL REFERENCES users(id), -- @UserId Whose
  token_sha256 {bytes} NOT NULL UNIQUE,      -- @Vec<u8> SHA-256 of the cookie's token; the token itself is never stored
  created_at   {int}   NOT NULL,             -- @UnixMs Sign-in
  last_seen_at {int}   NOT NULL,             -- @UnixMs Last request, to the minute
  expires_at   {int}   NOT NULL,             -- @UnixMs Absolute end
  revoked_at   {int},                        -- @Option<UnixMs> Sign-out or revocation
  user_agent   {text}  NOT NULL              -- @String First 200 characters of the header
){strict};
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE one_time_links ( -- @entity one_time_link: A link that works once: password reset, or joining a workspace
  id           {id}    NOT NULL PRIMARY KEY, -- @LinkId Which
  purpose      {text}  NOT NULL CHECK (purpose IN ('PASSWORD_RESET','JOIN')), -- @LinkPurpose What it does
  token_sha256 {bytes} NOT NULL UNIQUE,      -- @Vec<u8> SHA-256 of the token in the link
  email        {text}  NOT NULL,             -- @String The address it was made for
  workspace_id {id},                         -- @Option<WorkspaceId> Where it leads (JOIN)
  role         {text},                       -- @Option<Role> With which role (JOIN)
  created_by   {id},                         -- @Option<UserId> Member who invited (JOIN); must still be allowed to when it is used
  created_at   {int}   NOT NULL,             -- @UnixMs Made
  expires_at   {int}   NOT NULL,             -- @UnixMs Useless from here on
  used_at      {int}                         -- @Option<UnixMs> Set by the one use, or by what made it worthless
){strict};
CREATE INDEX one_time_links_by_email ON one_time_links (email) WHERE used_at IS NULL;

CREATE TABLE workspaces ( -- @entity workspace: The tenant
  id          {id}   NOT NULL PRIMARY KEY, -- @WorkspaceId Which
  name        {text} NOT NULL,             -- @String Shown
  industry    {text},                      -- @Option<String> Optional line of business
  plan        {text} NOT NULL,             -- @String Code of the catalogue entry
  entitlement {json},                      -- @Option<Json> Contracted differences to the plan (Enterprise)
  created_by  {id}   NOT NULL,             -- @UserId Founder
  created_at  {int}  NOT NULL,             -- @UnixMs When
  deleted_at  {int}                        -- @Option<UnixMs> Closed
){strict};

CREATE TABLE memberships ( -- @entity membership: A user's role in a workspace
  workspace_id {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Where
  user_id      {id}   NOT NULL REFERENCES users(id),      -- @UserId Who
  role         {text} NOT NULL CHECK (role IN ('OWNER','ADMIN','PRODUCER','VIEWER')), -- @Role As what
  created_at   {int}  NOT NULL,                           -- @UnixMs Since
  PRIMARY KEY (workspace_id, user_id)
){strict};
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE trial_allowances ( -- @entity trial_allowance: Trials started per address and day, so that a trial stays a trial
  ip_sha256 {bytes} NOT NULL, -- @Vec<u8> Keyed hash of the client address
  day       {int}   NOT NULL, -- @i64 UTC day number since 1970-01-01
  used      {int}   NOT NULL CHECK (used >= 0), -- @i64 Trials started
  PRIMARY KEY (ip_sha256, day)
){strict};
