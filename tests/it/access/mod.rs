//! People, sessions, links, members: what the access noun promises, on both databases.

mod commands;
mod invitations;
mod links;
mod members;
mod roles;
mod secrets;
mod sessions;
mod sign_in;
mod sign_up;
