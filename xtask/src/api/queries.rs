//! Every operation this client sends. The server knows them by their SHA-256.

/// A new user with a new workspace.
pub const SIGN_UP: &str = include_str!("../../../server/documents/sign_up.graphql");

/// A known user.
pub const SIGN_IN: &str = include_str!("../../../server/documents/sign_in.graphql");

/// The workspaces of whoever is signed in.
pub const MY_WORKSPACES: &str = include_str!("../../../server/documents/my_workspaces.graphql");

/// Plan and wallet of a workspace.
pub const STANDING: &str = include_str!("../../../server/documents/standing.graphql");

/// Whether there is a template.
pub const TEMPLATES: &str = include_str!("../../../server/documents/templates.graphql");

/// A template with its first version.
pub const CREATE_TEMPLATE: &str = include_str!("../../../server/documents/create_template.graphql");

/// The exact count and price of a launch.
pub const CREATE_QUOTE: &str = include_str!("../../../server/documents/create_quote.graphql");

/// The launch.
pub const LAUNCH: &str = include_str!("../../../server/documents/launch.graphql");

/// Progress by revision.
pub const PROGRESS: &str = include_str!("../../../server/documents/progress.graphql");

/// A settled batch with its books.
pub const BATCH: &str = include_str!("../../../server/documents/batch.graphql");

/// A page of videos.
pub const VIDEOS: &str = include_str!("../../../server/documents/videos.graphql");

/// Links to files.
pub const LINKS: &str = include_str!("../../../server/documents/links.graphql");

/// A CSV file, read as the rows of a selection.
pub const READ_TABLE: &str = include_str!("../../../server/documents/read_table.graphql");
