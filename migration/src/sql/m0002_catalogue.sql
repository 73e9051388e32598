-- What is sold and what it is made from.

CREATE TABLE model_prices ( -- @entity model_price: The price of a model from a moment on
  id                {id}   NOT NULL PRIMARY KEY, -- @PriceId Which
  version           {int}  NOT NULL,             -- @i64 Price list version, pinned by quotes
  model             {text} NOT NULL,             -- @String Model code, e.g. `animatic-1`
  resolution        {text} NOT NULL,             -- @Resolution `360p` or `720p`
  workspace_id      {id},                        -- @Option<WorkspaceId> Set: an override for this workspace alone
  credits_per_block {int}  NOT NULL CHECK (credits_per_block > 0), -- @Credits Price of one started block
  block_s           {int}  NOT NULL CHECK (block_s > 0),           -- @i64 Seconds in a block
  effective_from    {int}  NOT NULL              -- @UnixMs Applies from here on
){strict};
CREATE UNIQUE INDEX model_prices_once ON model_prices (model, resolution, effective_from) WHERE workspace_id IS NULL;
CREATE UNIQUE INDEX model_prices_once_per_workspace ON model_prices (workspace_id, model, resolution, effective_from) WHERE workspace_id IS NOT NULL;

CREATE TABLE templates ( -- @entity template: Named prompt text with variables
  id             {id}   NOT NULL PRIMARY KEY, -- @TemplateId Which
  workspace_id   {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Whose
  name           {text} NOT NULL,             -- @String Shown
  purpose        {text},                      -- @Option<String> Optional: what the videos are for
  latest_version {int}  NOT NULL CHECK (latest_version >= 1), -- @i64 Newest row of template_versions
  created_by     {id}   NOT NULL,             -- @UserId Author
  created_at     {int}  NOT NULL,             -- @UnixMs Made
  updated_at     {int}  NOT NULL,             -- @UnixMs Newest version made
  archived_at    {int}                        -- @Option<UnixMs> Hidden from lists, kept for its batches
){strict};
CREATE INDEX templates_by_workspace ON templates (workspace_id, id);

CREATE TABLE template_versions ( -- @entity template_version: One immutable version of a template
  id           {id}   NOT NULL PRIMARY KEY, -- @TemplateVersionId Which
  template_id  {id}   NOT NULL REFERENCES templates(id), -- @TemplateId Of what
  workspace_id {id}   NOT NULL,             -- @WorkspaceId Whose
  version      {int}  NOT NULL CHECK (version >= 1), -- @i64 1, 2, 3 …
  source       {text} NOT NULL,             -- @String The prompt text as typed
  selection    {json} NOT NULL,             -- @Json Value lists and selection saved with it (`prompt::Selection`)
  created_by   {id}   NOT NULL,             -- @UserId Author
  created_at   {int}  NOT NULL,             -- @UnixMs Made
  UNIQUE (template_id, version)
){strict};
