//! What the operator's commands work with: the same use-cases as the API, in the name of `cli`.

use crate::domain::access::{Access, Actor, Caller};
use crate::domain::plans::Plans;
use crate::domain::wallet::Wallet;
use crate::kernel::clock::{Clock, rfc3339};
use crate::kernel::error::ApiError;
use crate::kernel::ids;
use crate::kernel::language::Language;

/// The use-cases behind `reelmill user` and `reelmill workspace`.
#[derive(Clone)]
pub struct Desk {
    /// Accounts, members, workspaces.
    pub access: Access,
    /// Plans.
    pub plans: Plans,
    /// Credits.
    pub wallet: Wallet,
    /// Time.
    pub clock: Clock,
}

/// A command that was refused, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refused {
    /// The API's code for it.
    pub code: &'static str,
    /// What was refused; what went wrong inside when it is not a refusal.
    pub message: String,
}

impl Desk {
    /// A caller for one command; its request id ties the audit rows of the command together.
    #[must_use]
    pub fn caller(&self) -> Caller {
        let id: uuid::Uuid = ids::mint(self.clock.now());
        Caller::local(Actor::Cli, format!("cli-{}", id.simple()))
    }
}

impl Refused {
    /// From any use-case's error. Whoever types commands sees what went wrong inside.
    pub fn new(error: impl Into<ApiError>) -> Self {
        let error = error.into();
        let message = match error.internal_text() {
            Some(inside) => inside.to_owned(),
            None => error.message(Language::En),
        };
        Self { code: error.code().as_str(), message }
    }
}

/// How a one-time link is shown: its token appears here and nowhere else.
pub(super) fn show_link(link: &crate::domain::access::OneTimeLink, mutation: &str) -> String {
    format!(
        "one-time token: {}\nredeem with:    {mutation}\nworks until:    {}\n",
        link.token.reveal(),
        rfc3339(link.expires_at)
    )
}
