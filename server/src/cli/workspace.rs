//! `reelmill workspace`: tenants, their plans, credits and members.

use std::fmt::Write as _;

use clap::{Subcommand, ValueEnum};
use entity::enums::{LotSource, Mode, Role};
use entity::ids::WorkspaceId;
use entity::values::{Credits, UnixMs};

use super::desk::{Desk, Refused, show_link};
use crate::domain::access::{Action, Scope, Workspace as Tenant};
use crate::domain::plans::SetPlan;
use crate::domain::wallet::{AdjustOrder, Balance, GrantOrder};
use crate::kernel::clock::rfc3339;
use crate::kernel::ids;
use crate::kernel::page::{MAX_PAGE, PageArgs};

/// Tenants, their plans, credits and members.
#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// List every workspace
    List,
    /// Show a workspace: plan, limits, credits, members
    Show {
        /// wks_…
        id: WorkspaceId,
    },
    /// Give a workspace another plan
    Plan {
        /// wks_…
        id: WorkspaceId,
        /// Code of the catalogue entry
        plan: String,
        /// Differences to the plan as a JSON object, for plans that are by contract
        #[arg(long, value_name = "JSON", value_parser = json)]
        contract: Option<serde_json::Value>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Grant credits
    Grant(Grant),
    /// Add credits, or take them back with a negative number
    Adjust {
        /// wks_…
        id: WorkspaceId,
        /// Credits
        #[arg(allow_negative_numbers = true)]
        delta: i64,
        /// Why
        #[arg(long)]
        reason: String,
        /// Which wallet
        #[arg(long, value_enum, default_value_t = Purse::Live)]
        mode: Purse,
        /// Repeating it under the same key, by command or by the API, books nothing more for 7
        /// days [default: a fresh one, which is printed]
        #[arg(long)]
        key: Option<String>,
    },
    /// Print a one-time link by which somebody joins
    JoinLink {
        /// wks_…
        id: WorkspaceId,
        /// Address of the person
        email: String,
        /// As what
        #[arg(value_enum)]
        role: Rank,
    },
}

/// Grant credits.
#[derive(Debug, clap::Args)]
pub struct Grant {
    /// wks_…
    id: WorkspaceId,
    /// Credits
    amount: i64,
    /// Why
    #[arg(long)]
    reason: String,
    /// Days until what is left lapses [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36_600))]
    expires_days: Option<i64>,
    /// Which wallet
    #[arg(long, value_enum, default_value_t = Purse::Live)]
    mode: Purse,
    /// Where the credits come from
    #[arg(long, value_enum, default_value_t = Origin::Promo)]
    source: Origin,
    /// What they stand for: the same reference is granted once, by command or by the API
    /// [default: a fresh one, which is printed]
    #[arg(long)]
    reference: Option<String>,
}

/// A wallet of a workspace.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Purse {
    /// Real credits
    Live,
    /// Play credits
    Test,
}

/// Where credits come from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Origin {
    /// Given away
    Promo,
    /// Part of a plan's period
    Subscription,
    /// Bought
    Purchase,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Rank {
    /// Reads batches and files
    Viewer,
    /// Also templates, quotes, launches
    Producer,
    /// Also members below owner
    Admin,
    /// Also owners, plan and wallet
    Owner,
}

impl Workspace {
    /// Runs the command and returns what to print.
    ///
    /// # Errors
    /// What was refused.
    pub async fn run(self, desk: &Desk) -> Result<String, Refused> {
        match self {
            Self::List => list(desk).await,
            Self::Show { id } => show(desk, id).await,
            Self::Plan { id, plan, contract, reason } => {
                let change = SetPlan { workspace_id: id, plan, contract, reason };
                let limits = desk.plans.set_plan(&desk.caller(), &change).await;
                Ok(format!("{id} has {}\n{}", change.plan, lines(&limits.map_err(Refused::new)?)))
            }
            Self::Grant(grant) => grant.run(desk).await,
            Self::Adjust { id, delta, reason, mode, key } => {
                let (idempotency_key, told) = given_or_fresh(desk, "key", key);
                let mode = mode.into();
                let order = AdjustOrder { workspace_id: id, mode, delta, reason, idempotency_key };
                let balance = desk.wallet.adjust(&desk.caller(), &order).await;
                Ok(told + &credits(&balance.map_err(Refused::new)?))
            }
            Self::JoinLink { id, email, role } => {
                let scope = scope(desk, id, Action::ManageOwners).await?;
                let link = desk.access.add_member_link(&scope, &email, role.into()).await;
                Ok(show_link(&link.map_err(Refused::new)?, "redeemJoinLink"))
            }
        }
    }
}

impl Grant {
    async fn run(self, desk: &Desk) -> Result<String, Refused> {
        let now = desk.clock.now();
        let (reference, told) = given_or_fresh(desk, "reference", self.reference);
        let order = GrantOrder {
            workspace_id: self.id,
            mode: self.mode.into(),
            source: self.source.into(),
            reference,
            amount: Credits(self.amount),
            expires_at: self.expires_days.map(|days| now.plus_ms(days * UnixMs::DAY_MS)),
            reason: self.reason,
        };
        let balance = desk.wallet.grant(&desk.caller(), &order).await;
        Ok(told + &credits(&balance.map_err(Refused::new)?))
    }
}

/// What was typed, or a fresh one with the line that tells it. A fresh one is also told before
/// anything is booked: whoever loses the answer needs it to ask again.
fn given_or_fresh(desk: &Desk, word: &str, given: Option<String>) -> (String, String) {
    if let Some(given) = given {
        return (given, String::new());
    }
    let fresh = ids::mint::<uuid::Uuid>(desk.clock.now()).simple().to_string();
    eprintln!("repeat this safely with --{word} {fresh}");
    let told = format!("{word}: {fresh}\n");
    (fresh, told)
}

async fn list(desk: &Desk) -> Result<String, Refused> {
    let caller = desk.caller();
    let mut page = PageArgs { first: MAX_PAGE, after: None };
    let mut text = String::new();
    loop {
        let found = desk.access.all_workspaces(&caller, &page).await.map_err(Refused::new)?;
        for tenant in &found.rows {
            let Tenant { id, name, plan, created_at, .. } = tenant;
            let _ = writeln!(text, "{id}  {plan:<10}  {}  {name}", rfc3339(*created_at));
        }
        page.after = found.rows.last().map(Tenant::cursor_key);
        if !found.has_next {
            return Ok(text);
        }
    }
}

async fn show(desk: &Desk, id: WorkspaceId) -> Result<String, Refused> {
    let scope = scope(desk, id, Action::ReadMoney).await?;
    let tenant = desk.access.workspace(&scope).await.map_err(Refused::new)?;
    let limits = desk.plans.entitlement(id).await.map_err(Refused::new)?;
    let mut text = format!("{id}  {}\n", tenant.name);
    if let Some(industry) = &tenant.industry {
        let _ = writeln!(text, "industry: {industry}");
    }
    let _ = writeln!(text, "since:    {}", rfc3339(tenant.created_at));
    let _ = writeln!(text, "plan:     {}\n{}", tenant.plan, lines(&limits));
    for mode in [Mode::Live, Mode::Test] {
        let balance = desk.wallet.balance(&scope, mode).await.map_err(Refused::new)?;
        text.push_str(&credits(&balance));
    }
    let page = PageArgs { first: MAX_PAGE, after: None };
    let members = desk.access.members(&scope, &page).await.map_err(Refused::new)?;
    for member in &members.rows {
        let role = member.role.as_str();
        let _ = writeln!(text, "{}  {role:<8}  {}", member.user_id, member.display_name);
    }
    if members.has_next {
        let _ = writeln!(text, "… and more");
    }
    Ok(text)
}

async fn scope(desk: &Desk, id: WorkspaceId, action: Action) -> Result<Scope, Refused> {
    let scope = desk.access.authorise(&desk.caller(), id, action).await;
    scope.map_err(Refused::new)
}

/// Limits as the JSON a contract is written in.
fn lines(limits: &crate::domain::plans::Entitlement) -> String {
    serde_json::to_string(limits).map_or_else(|error| error.to_string(), |text| text + "\n")
}

fn credits(balance: &Balance) -> String {
    let Balance { mode, available, held, debt, .. } = balance;
    let word = mode.as_str().to_lowercase();
    format!("credits ({word}): {available} available, {held} held, {debt} owed\n")
}

impl From<Purse> for Mode {
    fn from(purse: Purse) -> Self {
        match purse {
            Purse::Live => Self::Live,
            Purse::Test => Self::Test,
        }
    }
}

impl From<Origin> for LotSource {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Promo => Self::Promo,
            Origin::Subscription => Self::Subscription,
            Origin::Purchase => Self::Purchase,
        }
    }
}

impl From<Rank> for Role {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Viewer => Self::Viewer,
            Rank::Producer => Self::Producer,
            Rank::Admin => Self::Admin,
            Rank::Owner => Self::Owner,
        }
    }
}

/// Left to itself, clap would make a JSON text of whatever is written there.
fn json(text: &str) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::from_str(text)
}
