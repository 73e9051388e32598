//! Every operation this client sends.

/// A new user with a new workspace.
pub const SIGN_UP: &str = "mutation($input: SignUpInput!) {
  signUp(input: $input) { user { id } workspace { id } } }";

/// A known user.
pub const SIGN_IN: &str = "mutation($input: SignInInput!) {
  signIn(input: $input) { user { id } } }";

/// The workspaces of whoever is signed in.
pub const MY_WORKSPACES: &str = "query { me { memberships { workspaceId } } }";

/// Plan and wallet of a workspace.
pub const STANDING: &str = "query($workspace: ID!) {
  workspace(id: $workspace) { id name
    plan { code title }
    wallet(mode: LIVE) { available held debt } } }";

/// Whether there is a template.
pub const TEMPLATES: &str = "query($workspace: ID!) {
  workspace(id: $workspace) { templates(first: 1) { nodes { id } } } }";

/// A template with its first version.
pub const CREATE_TEMPLATE: &str = "mutation($input: CreateTemplateInput!) {
  createTemplate(input: $input) { template { id } } }";

/// The exact count and price of a launch.
pub const CREATE_QUOTE: &str = "mutation($input: CreateQuoteInput!) {
  createQuote(input: $input) { quote { id videoCount pricePerVideo total expiresAt } } }";

/// The launch.
pub const LAUNCH: &str = "mutation($input: LaunchBatchInput!) {
  launchBatch(input: $input) { batch { id state } } }";

/// Progress by revision.
pub const PROGRESS: &str = "subscription($workspace: ID!, $batch: ID!, $after: Long) {
  batchProgress(workspaceId: $workspace, batchId: $batch, afterRev: $after) {
    rev
    batch { state settledAt counts { total delivered failed cancelled open } } } }";

/// A settled batch with its books.
pub const BATCH: &str = "query($workspace: ID!, $batch: ID!) {
  workspace(id: $workspace) { batch(id: $batch) {
    state pricePerVideo credits { held captured released }
    counts { total delivered failed cancelled open } } } }";

/// A page of videos.
pub const VIDEOS: &str = "query($workspace: ID!, $batch: ID!, $first: Int!, $after: String) {
  workspace(id: $workspace) { batch(id: $batch) {
    videos(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id ordinal prompt values { name value } state error { code message }
              asset { bytes sha256 durationMs width height } } } } } }";

/// Links to files.
pub const LINKS: &str = "mutation($input: CreateAssetLinksInput!) {
  createAssetLinks(input: $input) { links { videoId url } } }";

/// A CSV file, read as the rows of a selection.
pub const READ_TABLE: &str = "query($input: ReadTableInput!) {
  readTable(input: $input) { table { columns rows } notices { message } } }";
