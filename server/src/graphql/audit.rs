//! The audit log.

use async_graphql::{ID, Object};

use super::scalars::DateTime;
use crate::domain::access::AuditEntry;

/// Who did what.
pub struct AuditEntryShown(pub AuditEntry);

/// Who did what.
#[Object(name = "AuditEntry")]
impl AuditEntryShown {
    /// Opaque id, `aud_…`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// `usr_…`, `operator:usr_…`, `cli`, `anonymous` or `system`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }
    /// `batch.launch`, `credits.grant` …
    async fn action(&self) -> &str {
        &self.0.action
    }
    /// Typed id of what it was done to.
    async fn subject(&self) -> &str {
        &self.0.subject
    }
    /// Amounts and reasons: a JSON object as text.
    async fn detail(&self) -> String {
        self.0.detail.to_string()
    }
    /// Ties it to the log.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }
    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }
}
