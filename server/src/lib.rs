//! Reelmill's server: see ARCHITECTURE.md for the map and the layers.

pub mod app;
pub mod cli;
pub mod config;
pub mod coord;
pub mod db;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod kernel;
pub mod ports;
pub mod worker;
