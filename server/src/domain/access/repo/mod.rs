//! The only queries of access. What belongs to a workspace is asked for by its workspace.

pub(super) mod invitations;
pub(super) mod links;
pub(super) mod members;
pub(super) mod sessions;
pub(super) mod users;
pub(super) mod workspaces;
