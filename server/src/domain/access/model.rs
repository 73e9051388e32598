//! Callers, the role table, the scope that every query of a tenant's data starts from, and the
//! rules for addresses, passwords and names.
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
    /// Pause and resume a batch.
    Pause,
    /// Decide on a pilot.
    Approve,
    /// Try failed videos again.
    Retry,
    /// Mark videos to be kept or not.
    Mark,
    /// Show videos to others by a link.
    Share,
    /// Add, change or remove members below owner.
    ManageMembers,
    /// Add, change or remove owners.
    ManageOwners,
    /// Rename the workspace.
    EditWorkspace,
    /// Set what may be spent.
    EditLimits,
    /// Take vouchers.
    RedeemVouchers,
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
        Self::Pause,
        Self::Approve,
        Self::Retry,
        Self::Mark,
        Self::Share,
        Self::ManageMembers,
        Self::ManageOwners,
        Self::EditWorkspace,
        Self::EditLimits,
        Self::RedeemVouchers,
        Self::ReadAudit,
    ];

    /// The lowest role that may.
    #[must_use]
    pub const fn least_role(self) -> Role {
        match self {
            Self::Read | Self::ReadFiles => Role::Viewer,
            Self::ReadMoney
            | Self::EditTemplates
            | Self::Quote
            | Self::Launch
            | Self::Cancel
            | Self::Pause
            | Self::Approve
            | Self::Retry
            | Self::Mark
            | Self::Share => Role::Producer,
            Self::ManageMembers | Self::EditWorkspace | Self::EditLimits | Self::ReadAudit => {
                Role::Admin
            }
            Self::ManageOwners | Self::RedeemVouchers => Role::Owner,
        }
    }

    /// Whether `role` may.
    #[must_use]
    pub fn allowed(self, role: Role) -> bool {
        role >= self.least_role()
    }

    /// Whether the operator may in a workspace of others: reads of what is needed to run the
    /// installation. Files stay with the members; credits and plans have use-cases of their own.
    #[must_use]
    pub const fn open_to_operator(self) -> bool {
        matches!(self, Self::Read | Self::ReadMoney | Self::ReadAudit)
    }

    /// What changing a member from one role to another asks for; `None` stands for not a member.
    #[must_use]
    pub fn to_change_member(from: Option<Role>, to: Option<Role>) -> Self {
        if from == Some(Role::Owner) || to == Some(Role::Owner) {
            Self::ManageOwners
        } else {
            Self::ManageMembers
        }
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

    /// Whether this member may also do `action`.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        action.allowed(self.role)
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

/// Shortest password, characters.
pub const MIN_PASSWORD: usize = 10;
/// Longest password, characters.
pub const MAX_PASSWORD: usize = 200;
/// Longest name of a person or workspace, characters.
pub const MAX_NAME: usize = 80;

/// An e-mail address in the one form it is stored and compared in. `{:?}` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// A text that is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEmail;

/// A password that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidPassword {
    /// Not [`MIN_PASSWORD`] … [`MAX_PASSWORD`] characters.
    Length,
    /// It is the address.
    IsEmail,
}

/// A text of the wrong length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidText {
    /// Which input.
    pub field: &'static str,
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
}

impl Email {
    /// Trims, lower-cases and checks.
    ///
    /// # Errors
    /// [`InvalidEmail`]. The rule is short on purpose: one `@`, no spaces or control characters, a
    /// domain of at least two labels, lengths of RFC 5321. Whether it is theirs a link has to show.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let normal = Self::normalise(text);
        let (local, domain) = normal.split_once('@').ok_or(InvalidEmail)?;
        let printable =
            |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\\\"[]".contains(c);
        let label = |text: &str| {
            (1..=63).contains(&text.len())
                && text.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !text.starts_with('-')
                && !text.ends_with('-')
        };
        let sound = (1..=64).contains(&local.len())
            && normal.len() <= 254
            && local.chars().all(printable)
            && domain.contains('.')
            && domain.split('.').all(label);
        if sound { Ok(Self(normal)) } else { Err(InvalidEmail) }
    }

    /// The form in which addresses are compared, whether they are ones or not.
    #[must_use]
    pub fn normalise(text: &str) -> String {
        text.trim().to_lowercase()
    }

    /// From a stored row.
    pub(in crate::domain) const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Checks a new password: its length, and that it is not the address. No rules of composition:
/// they make passwords worse.
///
/// # Errors
/// Which rule it breaks.
pub fn check_password(password: &str, email: &Email) -> Result<(), InvalidPassword> {
    if !(MIN_PASSWORD..=MAX_PASSWORD).contains(&password.chars().count()) {
        return Err(InvalidPassword::Length);
    }
    if Email::normalise(password) == email.as_str() {
        return Err(InvalidPassword::IsEmail);
    }
    Ok(())
}

/// Trims a name and checks that it has 1 … [`MAX_NAME`] characters, none of them a control.
///
/// # Errors
/// [`InvalidText`].
pub fn check_name(field: &'static str, text: &str) -> Result<String, InvalidText> {
    let trimmed = text.trim();
    let sound =
        (1..=MAX_NAME).contains(&trimmed.chars().count()) && !trimmed.chars().any(char::is_control);
    if sound { Ok(trimmed.to_owned()) } else { Err(InvalidText { field, min: 1, max: MAX_NAME }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The role table as the product's design states it, written out a second time.
    const TABLE: &[(Action, [bool; 4])] = &[
        // viewer, producer, admin, owner
        (Action::Read, [true, true, true, true]),
        (Action::ReadFiles, [true, true, true, true]),
        (Action::ReadMoney, [false, true, true, true]),
        (Action::EditTemplates, [false, true, true, true]),
        (Action::Quote, [false, true, true, true]),
        (Action::Launch, [false, true, true, true]),
        (Action::Cancel, [false, true, true, true]),
        (Action::Pause, [false, true, true, true]),
        (Action::Approve, [false, true, true, true]),
        (Action::Retry, [false, true, true, true]),
        (Action::Mark, [false, true, true, true]),
        (Action::Share, [false, true, true, true]),
        (Action::ManageMembers, [false, false, true, true]),
        (Action::ManageOwners, [false, false, false, true]),
        (Action::EditWorkspace, [false, false, true, true]),
        (Action::EditLimits, [false, false, true, true]),
        (Action::RedeemVouchers, [false, false, false, true]),
        (Action::ReadAudit, [false, false, true, true]),
    ];

    #[test]
    fn every_action_and_role_is_as_the_table_says() {
        assert_eq!(TABLE.len(), Action::ALL.len(), "an action is missing here");
        for (action, wanted) in TABLE {
            let got = [Role::Viewer, Role::Producer, Role::Admin, Role::Owner]
                .map(|role| action.allowed(role));
            assert_eq!(got, *wanted, "{action:?}");
        }
    }

    #[test]
    fn owners_are_changed_by_owners_only() {
        let roles = [None, Some(Role::Viewer), Some(Role::Admin), Some(Role::Owner)];
        for from in roles {
            for to in roles {
                let owners = from == Some(Role::Owner) || to == Some(Role::Owner);
                let wanted = if owners { Action::ManageOwners } else { Action::ManageMembers };
                assert_eq!(Action::to_change_member(from, to), wanted);
            }
        }
    }

    #[test]
    fn addresses_are_compared_in_one_form() {
        let email = Email::parse("  Ada.Lovelace+films@Example.COM ").expect("an address");
        assert_eq!(email.as_str(), "ada.lovelace+films@example.com");
        assert_eq!(
            Email::parse("用户@例子.公司").map(|e| e.as_str().to_owned()).as_deref(),
            Ok("用户@例子.公司")
        );
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "a da@example.com",
            "a@b@c.de",
            "ada@example..com",
            "ada@-example.com",
            "ada@exa_mple.com",
            "a\u{0}b@example.com",
            "<ada@example.com>",
            long.as_str(),
        ] {
            assert_eq!(Email::parse(text), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn passwords_have_ten_to_two_hundred_characters_and_are_not_the_address() {
        let email = Email::parse("ada@example.com").expect("an address");
        for (password, wanted) in [
            ("nine char", Err(InvalidPassword::Length)),
            ("ten chars!", Ok(())),
            ("十个字的密码也可以用", Ok(())),
            ("Ada@Example.com", Err(InvalidPassword::IsEmail)),
        ] {
            assert_eq!(check_password(password, &email), wanted, "{password}");
        }
        assert_eq!(check_password(&"x".repeat(200), &email), Ok(()));
        assert_eq!(check_password(&"x".repeat(201), &email), Err(InvalidPassword::Length));
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(check_name("name", "  工作室  ").as_deref(), Ok("工作室"));
        assert_eq!(check_name("name", &"字".repeat(80)).map(|t| t.chars().count()), Ok(80));
        for text in ["", "   ", "a\nb", "字".repeat(81).as_str()] {
            assert!(check_name("name", text).is_err());
        }
    }

    #[test]
    fn printing_an_address_does_not_show_it() {
        let email = Email::parse("ada@example.com").expect("an address");
        assert!(!format!("{email:?}").contains("ada"));
    }
}
