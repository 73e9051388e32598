-- Lists of values that a workspace keeps for its templates.

CREATE TABLE value_lists ( -- @entity value_list: A named list of values
  id           {id}   NOT NULL PRIMARY KEY, -- @ValueListId Which
  workspace_id {id}   NOT NULL REFERENCES workspaces(id), -- @WorkspaceId Whose
  name         {text} NOT NULL,             -- @String Shown
  name_key     {text} NOT NULL,             -- @String Lower-cased: two names that differ in case are one
  list         {json} NOT NULL,             -- @Json The values in order, an array of texts
  size         {int}  NOT NULL CHECK (size >= 1),    -- @i64 How many
  version      {int}  NOT NULL CHECK (version >= 1), -- @i64 Grows with every change
  created_by   {id}   NOT NULL,             -- @UserId Who made it
  created_at   {int}  NOT NULL,             -- @UnixMs When
  updated_at   {int}  NOT NULL,             -- @UnixMs Last change
  UNIQUE (workspace_id, name_key)
){strict};
CREATE INDEX value_lists_by_workspace ON value_lists (workspace_id, id);
