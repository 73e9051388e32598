//! Sign-up: a person, a workspace with its counters and wallets, the trial's credits and the first
//! session, in one transaction. Either all of it exists or none.
//!
//! Invariants: trials per client address and UTC day are limited by a guarded counter row, whose
//! key is a keyed hash, so the table names nobody; the gift is granted once, under the reference
//! `trial`; the password is hashed before the transaction begins.
//!
//! Deliberately absent: proof that the address is theirs (nothing sends mail yet), and test credits.

use entity::enums::{LotSource, Mode};
use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use serde_json::json;

use crate::config;
use crate::db::{Class, Db, Tx};
use crate::domain::access::model::check_name;
use crate::domain::access::{self, Access, Caller, DraftUser, Email, Note, SignedIn, Workspace};
use crate::domain::plans::Plans;
use crate::domain::wallet::{self, Grant};
use crate::kernel::clock::Clock;
use crate::kernel::ids;
use crate::kernel::language::Language;
use crate::kernel::secret::{MasterKey, Secret};

pub mod error;
pub mod model;
mod repo;

pub use error::Error;

/// What keys the hashes of client addresses.
const PURPOSE: &str = "trial.ip";
/// The reference under which the gift is granted, once per wallet.
const TRIAL_REF: &str = "trial";

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Onboarding {
    /// The records.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// The installation's key.
    pub key: MasterKey,
    /// Accounts.
    pub access: Access,
    /// What a workspace starts with.
    pub plans: Plans,
    /// Whether anybody may sign up, and how many trials an address gets.
    pub config: config::Access,
}

/// What somebody gives to sign up. Without `Debug`: it holds an address.
#[derive(Clone)]
pub struct SignUp {
    /// Their address, as typed.
    pub email: String,
    /// Their choice.
    pub password: Secret,
    /// Shown to other members.
    pub display_name: String,
    /// Name of their workspace.
    pub workspace_name: String,
    /// Optional line of business.
    pub industry: Option<String>,
    /// In which language to speak to them.
    pub language: Language,
}

/// Somebody has signed up.
#[derive(Clone, Debug)]
pub struct SignedUp {
    /// Their first session.
    pub signed_in: SignedIn,
    /// Their workspace.
    pub workspace_id: WorkspaceId,
}

/// Everything about to be written.
struct Draft {
    user: DraftUser,
    workspace: Workspace,
    signed_in: SignedIn,
    ip_sha256: Vec<u8>,
}

impl Onboarding {
    /// Makes an account with a workspace of its own on the trial plan, and signs in.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::TrialLimit`], what is wrong with the account
    /// ([`access::Error`]).
    pub async fn sign_up(&self, caller: &Caller, request: &SignUp) -> Result<SignedUp, Error> {
        if !self.config.open_sign_up {
            return Err(Error::Closed);
        }
        self.access.pay_request("sign-up.ip", caller).await?;
        let draft = self.draft(caller, request).await?;
        let draft_ref = &draft;
        self.db
            .tx(
                Class::Interactive,
                |tx| async move { self.write_in_tx(&tx, caller, draft_ref).await },
            )
            .await?;
        Ok(SignedUp { signed_in: draft.signed_in, workspace_id: draft.workspace.id })
    }

    /// Forgets the trial counts of past days. For the sweep.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn sweep(&self) -> Result<u64, Error> {
        let yesterday = self.clock.now().day() - 1;
        self.db
            .tx(Class::Telemetry, |tx| async move {
                Ok(repo::forget_trials_in_tx(&tx, yesterday).await?)
            })
            .await
    }

    /// Checks and hashes everything, so that the transaction only writes.
    async fn draft(&self, caller: &Caller, request: &SignUp) -> Result<Draft, Error> {
        let email = Email::parse(&request.email).map_err(access::Error::from)?;
        let name = named("workspaceName", &request.workspace_name)?;
        let industry =
            request.industry.as_deref().map(|text| named("industry", text)).transpose()?;
        let who = (email, request.display_name.as_str());
        let user = self.access.draft_user(who, request.language, &request.password).await?;
        let signed_in = self.access.draft_session(&user.user)?;
        let now = self.clock.now();
        let plan = self.plans.catalogue().trial().0.code.clone();
        let counted = model::counted_as(caller.ip);
        Ok(Draft {
            user,
            workspace: Workspace { id: ids::mint(now), name, industry, plan, created_at: now },
            signed_in,
            ip_sha256: self.key.mac(PURPOSE, &counted),
        })
    }

    async fn write_in_tx(&self, tx: &Tx, caller: &Caller, draft: &Draft) -> Result<(), Error> {
        let now = draft.workspace.created_at;
        let workspace_id = draft.workspace.id;
        let (plan, _) = self.plans.catalogue().trial();
        self.access.insert_user_in_tx(tx, &draft.user).await?;
        self.access.open_session_in_tx(tx, caller, &draft.signed_in).await?;
        let user_id = draft.user.user.id;
        self.access.insert_workspace_in_tx(tx, &draft.workspace, user_id).await?;
        repo::insert_counters_in_tx(tx, workspace_id, &plan.entitlement).await?;
        self.open_wallets_in_tx(tx, draft).await?;
        // Last of all: whoever waits for this row waits for one statement and a commit.
        let counter = (draft.ip_sha256.clone(), now.day());
        if !repo::count_trial_in_tx(tx, counter, self.config.trials_per_ip_day).await? {
            return Err(Error::TrialLimit);
        }
        let note = Note {
            workspace_id: Some(workspace_id),
            action: "user.sign_up",
            subject: user_id.to_string(),
            detail: json!({ "workspace": workspace_id.to_string(), "plan": plan.code }),
        };
        let caller = caller.become_user(user_id, draft.signed_in.session_id);
        Ok(caller.note_in_tx(tx, now, note).await?)
    }

    /// Both wallets, the gift in the live one. Two transfers of two modes never meet: the test
    /// wallet is opened empty.
    async fn open_wallets_in_tx(&self, tx: &Tx, draft: &Draft) -> Result<(), Error> {
        let now = draft.workspace.created_at;
        let live = wallet::open_in_tx(tx, draft.workspace.id, Mode::Live, now).await?;
        wallet::open_in_tx(tx, draft.workspace.id, Mode::Test, now).await?;
        let (_, gift) = self.plans.catalogue().trial();
        let grant = Grant {
            wallet_id: live,
            source: LotSource::Trial,
            source_ref: TRIAL_REF,
            amount: gift.credits(),
            expires_at: Some(now.plus_ms(gift.days.saturating_mul(UnixMs::DAY_MS))),
            actor: &draft.user.user.id.to_string(),
            reason: wallet::event::TRIAL,
        };
        wallet::grant_in_tx(tx, &grant, now).await?;
        Ok(())
    }
}

fn named(field: &'static str, text: &str) -> Result<String, Error> {
    check_name(field, text).map_err(|wrong| Error::Access(wrong.into()))
}
