//! Plans as data: what each grants, which one a workspace has, and what models cost.

pub mod model;

pub use model::Entitlement;
