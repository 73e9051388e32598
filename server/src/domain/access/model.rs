//! Callers, the role table, and the scope that every query of a tenant's data starts from.
//!
//! Invariant: a [`Scope`] exists only for a member whose role allows the action, so a function
//! that takes one need not ask again. What belongs to another workspace is `NOT_FOUND`.

use std::net::IpAddr;

use entity::enums::Role;
use entity::ids::{SessionId, UserId, WorkspaceId};

use crate::kernel::language::Language;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has signed in.
    Anonymous,
    /// A signed-in person.
    User {
        /// Who.
        user_id: UserId,
        /// In which browser.
        session_id: SessionId,
        /// May run the installation.
        is_operator: bool,
        /// The user's access epoch when the request was authenticated.
        access_epoch: i64,
    },
    /// An operator's command on the machine itself.
    Cli,
    /// The server's own duties.
    System,
}

impl Actor {
    /// Text form for ledger and audit rows.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => String::from("anonymous"),
            Self::User { user_id, is_operator: false, .. } => user_id.to_string(),
            Self::User { user_id, is_operator: true, .. } => format!("operator:{user_id}"),
            Self::Cli => String::from("cli"),
            Self::System => String::from("system"),
        }
    }

    /// The signed-in person, if any.
    #[must_use]
    pub const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User { user_id, .. } => Some(*user_id),
            _ => None,
        }
    }

    /// May grant, adjust and set plans in any workspace.
    #[must_use]
    pub const fn is_operator(&self) -> bool {
        matches!(self, Self::Cli | Self::User { is_operator: true, .. })
    }
}

/// One request: who, from where, in which language.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// Ties audit rows to log lines.
    pub request_id: String,
    /// Client address, already resolved through trusted proxies.
    pub ip: Option<IpAddr>,
    /// First 200 characters of the header.
    pub user_agent: String,
    /// Language of messages.
    pub language: Language,
}

impl Caller {
    /// A caller for commands on the machine and for the server's own duties.
    #[must_use]
    pub fn local(actor: Actor, request_id: impl Into<String>) -> Self {
        Self {
            actor,
            request_id: request_id.into(),
            ip: None,
            user_agent: String::new(),
            language: Language::En,
        }
    }
}

/// What somebody wants to do in a workspace. [`Action::least_role`] is the role table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See batches, videos, members.
    Read,
    /// Get links to delivered files.
    ReadFiles,
    /// See prices, wallet and ledger.
    ReadMoney,
    /// Make and change templates.
    EditTemplates,
    /// Ask for a quote.
    Quote,
    /// Launch a quote.
    Launch,
    /// Cancel a batch.
    Cancel,
    /// Add, change or remove members below owner.
    ManageMembers,
    /// Add, change or remove owners.
    ManageOwners,
    /// Rename the workspace.
    EditWorkspace,
    /// Read the audit log.
    ReadAudit,
}

impl Action {
    /// Every action, for the test that walks the table.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::ReadFiles,
        Self::ReadMoney,
        Self::EditTemplates,
        Self::Quote,
        Self::Launch,
        Self::Cancel,
        Self::ManageMembers,
        Self::ManageOwners,
        Self::EditWorkspace,
        Self::ReadAudit,
    ];

    /// The lowest role that may.
    #[must_use]
    pub const fn least_role(self) -> Role {
        match self {
            Self::Read | Self::ReadFiles => Role::Viewer,
            Self::ReadMoney | Self::EditTemplates | Self::Quote | Self::Launch | Self::Cancel => {
                Role::Producer
            }
            Self::ManageMembers | Self::EditWorkspace | Self::ReadAudit => Role::Admin,
            Self::ManageOwners => Role::Owner,
        }
    }

    /// Whether `role` may.
    #[must_use]
    pub fn allowed(self, role: Role) -> bool {
        role >= self.least_role()
    }
}

/// A member (or the operator) inside one workspace, allowed to do what was asked.
#[derive(Clone, Debug)]
pub struct Scope {
    workspace_id: WorkspaceId,
    role: Role,
    caller: Caller,
}

impl Scope {
    /// Only `access` makes scopes, after checking membership and role.
    pub(in crate::domain) const fn new(
        workspace_id: WorkspaceId,
        role: Role,
        caller: Caller,
    ) -> Self {
        Self { workspace_id, role, caller }
    }

    /// Where.
    #[must_use]
    pub const fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id
    }

    /// As what.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Who.
    #[must_use]
    pub const fn caller(&self) -> &Caller {
        &self.caller
    }
}
