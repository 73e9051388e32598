//! Plans as data: what each grants, which one a workspace has, and what models cost.
//!
//! Invariants: limits come from the catalogue, changed only by a stored contract; a change of plan
//! moves the lane's cap and weight in the same transaction and touches no launched batch; only the
//! operator changes plans, with a reason, and an audit row commits with it.
//!
//! Deliberately absent: enforcement. Counters are moved by the launch and the line, in their own
//! transactions. Nothing here sells anything either.

use std::sync::Arc;

use entity::enums::Resolution;
use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use serde_json::{Value, json};

use crate::db::audit::{self, Deed};
use crate::db::{Class, Db, Tx};
use crate::domain::access::Caller;
use crate::kernel::clock::Clock;

pub mod catalogue;
pub mod error;
pub mod model;
pub mod models;
mod repo;

pub use catalogue::{Catalogue, Plan};
pub use error::Error;
pub use model::{Entitlement, Price};
pub use models::Model;

/// Longest reason of an operator's deed, characters.
pub const MAX_REASON_CHARS: usize = 500;

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Plans {
    db: Db,
    clock: Clock,
    catalogue: Arc<Catalogue>,
}

/// A change of plan, asked for by the operator.
#[derive(Clone, Debug)]
pub struct SetPlan {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Code of the catalogue entry.
    pub plan: String,
    /// Differences to the plan, for plans that are by contract; an object with names of
    /// [`Entitlement`] in camel case.
    pub contract: Option<Value>,
    /// Why, 1 … [`MAX_REASON_CHARS`] characters.
    pub reason: String,
}

impl Plans {
    /// A service over these plans.
    #[must_use]
    pub fn new(db: Db, clock: Clock, catalogue: Catalogue) -> Self {
        Self { db, clock, catalogue: Arc::new(catalogue) }
    }

    /// Every plan that can be had.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Every model that can be picked.
    #[must_use]
    pub const fn models(&self) -> &'static [Model] {
        models::MODELS
    }

    /// The limits of a workspace.
    ///
    /// # Errors
    /// [`Error::NotFound`], or what is stored makes no sense.
    pub async fn entitlement(&self, workspace_id: WorkspaceId) -> Result<Entitlement, Error> {
        let held = repo::held(self.db.reader(), workspace_id).await?.ok_or(Error::NotFound)?;
        self.limits(&held)
    }

    /// The limits of a workspace, as the transaction sees them.
    ///
    /// # Errors
    /// As [`Self::entitlement`].
    pub async fn entitlement_in_tx(
        &self,
        tx: &Tx,
        workspace_id: WorkspaceId,
    ) -> Result<Entitlement, Error> {
        let held = repo::held(&**tx, workspace_id).await?.ok_or(Error::NotFound)?;
        self.limits(&held)
    }

    /// The price in effect at `now`: the workspace's own where it has one, else the list's.
    ///
    /// # Errors
    /// [`Error::NoPrice`].
    pub async fn price_in_effect(
        &self,
        workspace_id: WorkspaceId,
        model: &str,
        resolution: Resolution,
        now: UnixMs,
    ) -> Result<Price, Error> {
        repo::price(self.db.reader(), workspace_id, model, resolution, now).await?.ok_or_else(
            || Error::NoPrice { model: model.to_owned(), resolution: resolution.as_str() },
        )
    }

    /// Gives a workspace another plan and returns its new limits.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but the operator; an unknown plan or workspace; a contract that
    /// does not fit.
    pub async fn set_plan(&self, caller: &Caller, change: &SetPlan) -> Result<Entitlement, Error> {
        if !caller.actor.is_operator() {
            return Err(Error::Forbidden);
        }
        let reason = change.reason.trim();
        if reason.is_empty() || reason.chars().count() > MAX_REASON_CHARS {
            return Err(Error::Reason);
        }
        let limits = self.limits_of(&change.plan, change.contract.as_ref())?;
        let now = self.clock.now();
        self.db
            .tx(Class::Interactive, |tx| {
                let limits = limits.clone();
                async move {
                    let before = repo::held_for_update_in_tx(&tx, change.workspace_id)
                        .await?
                        .ok_or(Error::NotFound)?;
                    let after =
                        repo::Held { plan: change.plan.clone(), contract: change.contract.clone() };
                    if !repo::set_in_tx(&tx, change.workspace_id, &after, &limits).await? {
                        return Err(Error::NotFound);
                    }
                    let deed = Deed {
                        workspace_id: Some(change.workspace_id),
                        actor: &caller.actor.label(),
                        action: "plan.set",
                        subject: change.workspace_id.to_string(),
                        detail: json!({
                            "from": before.plan,
                            "to": after.plan,
                            "contract": after.contract,
                            "reason": reason,
                        }),
                        request_id: &caller.request_id,
                    };
                    audit::record_in_tx(&tx, now, deed).await?;
                    Ok(limits)
                }
            })
            .await
    }

    fn limits(&self, held: &repo::Held) -> Result<Entitlement, Error> {
        self.limits_of(&held.plan, held.contract.as_ref()).map_err(|_| Error::Damaged)
    }

    fn limits_of(&self, code: &str, contract: Option<&Value>) -> Result<Entitlement, Error> {
        let plan = self
            .catalogue
            .find(code)
            .ok_or_else(|| Error::UnknownPlan { plan: code.to_owned() })?;
        match contract {
            None => Ok(plan.entitlement.clone()),
            Some(changes) if plan.contract => {
                plan.entitlement.with_contract(changes).ok_or(Error::Contract)
            }
            Some(_) => Err(Error::Contract),
        }
    }
}
