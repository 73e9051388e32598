//! Pause, resume, and the decision on a pilot: one locked row, one guarded UPDATE.
//!
//! A pause claims nothing more; what is under way finishes and is charged when delivered. Only the
//! gate moves here, so the wallet is not locked; declining a pilot releases credits and goes
//! through [`super::close`].

use entity::enums::{Gate, GateReason};
use entity::ids::BatchId;
use entity::values::{Credits, UnixMs};
use serde_json::json;

use super::counts::{self, Applied, GateMove, Intent};
use super::error::Error;
use super::gate::{self, Standing};
use super::model::{self, Batch};
use super::{Batches, allowed, repo};
use crate::db::audit::{self, Deed};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};
use crate::kernel::failpoint;

/// What a request did to a batch and to the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controlled {
    /// The batch afterwards.
    pub batch: Batch,
    /// Where the credits are.
    pub money: MoneyEffect,
    /// True when it stood so before: this request changed nothing.
    pub already: bool,
}

/// What a request did to the money of a batch, and what may yet happen to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoneyEffect {
    /// Frozen by this very request.
    pub frozen: Credits,
    /// Given back by this very request.
    pub released: Credits,
    /// Frozen for videos that have not ended.
    pub still_held: Credits,
    /// Of what is held: for videos under way, which may be charged whatever the gate says.
    pub under_way: Credits,
    /// Whether anything may still be charged as the gate stands now.
    pub may_still_be_charged: bool,
}

/// A gate to be moved by a person.
struct Order {
    batch_id: BatchId,
    action: &'static str,
    topic: &'static str,
    /// The gate afterwards; `None` when there is nothing to do.
    decide: fn(&Batch, UnixMs) -> Result<Option<Standing>, Error>,
}

impl Batches {
    /// Claims nothing more of a batch until it is resumed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Ended`], [`Error::Closing`].
    pub async fn pause(&self, scope: &Scope, batch_id: BatchId) -> Result<Controlled, Error> {
        allowed(scope, Action::Pause)?;
        let (action, topic) = ("batch.pause", "batch.paused");
        self.carry_out(scope, Order { batch_id, action, topic, decide: gate::pause }).await
    }

    /// Lets a paused batch go on where it was.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Ended`], [`Error::Closing`], [`Error::NotPaused`].
    pub async fn resume(&self, scope: &Scope, batch_id: BatchId) -> Result<Controlled, Error> {
        allowed(scope, Action::Pause)?;
        let decide = |batch: &Batch, now| gate::resume(batch, now).map(Some);
        let (action, topic) = ("batch.resume", "batch.resumed");
        self.carry_out(scope, Order { batch_id, action, topic, decide }).await
    }

    /// Lets the rest of a batch follow its pilot.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NoPilot`], [`Error::PilotDecided`], [`Error::Paused`],
    /// [`Error::Ended`].
    pub async fn approve(&self, scope: &Scope, batch_id: BatchId) -> Result<Controlled, Error> {
        allowed(scope, Action::Approve)?;
        let decide = |batch: &Batch, now| {
            gate::undecided(batch)?;
            Ok(Some(Standing::going(Gate::Open, now)))
        };
        let (action, topic) = ("batch.approve", "batch.approved");
        self.carry_out(scope, Order { batch_id, action, topic, decide }).await
    }

    /// Ends a batch after its pilot: the rest is cancelled and released.
    ///
    /// # Errors
    /// As for [`Self::approve`].
    pub async fn decline(&self, scope: &Scope, batch_id: BatchId) -> Result<Controlled, Error> {
        allowed(scope, Action::Approve)?;
        let allows = |batch: &Batch| gate::undecided(batch).map(|()| true);
        let closed = self.close(scope, (batch_id, GateReason::Declined), allows).await?;
        let released = closed.map_or(Credits::ZERO, |closed| closed.released);
        self.report(scope, batch_id, (MoneyEffect { released, ..MoneyEffect::default() }, false))
            .await
    }

    async fn carry_out(&self, scope: &Scope, order: Order) -> Result<Controlled, Error> {
        let batch_id = order.batch_id;
        self.get(scope, batch_id).await?;
        let (now, order) = (self.parts.clock.now(), &order);
        let work = |tx: Tx| async move { carry_out_in_tx(&tx, scope, (order, now)).await };
        let applied = self.parts.db.tx(Class::Money, work).await?;
        if let Some(applied) = applied {
            failpoint::pass("control.committed");
            self.parts.bus.publish(batch_id, applied.rev).await;
            self.parts.queue.hint(scope.workspace_id()).await;
        }
        self.report(scope, batch_id, (MoneyEffect::default(), applied.is_none())).await
    }

    /// Reads what became of a batch, and completes what is known of the money.
    pub(super) async fn report(
        &self,
        scope: &Scope,
        batch_id: BatchId,
        (money, already): (MoneyEffect, bool),
    ) -> Result<Controlled, Error> {
        let batch = self.get(scope, batch_id).await?;
        let whose = (scope.workspace_id(), batch_id);
        let in_flight = repo::in_flight(self.parts.db.reader(), whose).await?;
        let credits = |videos| batch.price_per_video.checked_mul(videos).unwrap_or_default();
        let goes_on = matches!(batch.gate, Gate::Open | Gate::Pilot);
        let money = MoneyEffect {
            still_held: credits(model::open(&batch)),
            under_way: credits(in_flight),
            may_still_be_charged: in_flight > 0 || (goes_on && model::open(&batch) > 0),
            ..money
        };
        Ok(Controlled { batch, money, already })
    }
}

async fn carry_out_in_tx(
    tx: &Tx,
    scope: &Scope,
    (order, now): (&Order, UnixMs),
) -> Result<Option<Applied>, Error> {
    let intent = Intent { batch_id: order.batch_id, ending: 0, undelivered: false };
    let locked = counts::lock_in_tx(tx, &[intent]).await?;
    let batch = locked.get(order.batch_id).ok_or(Error::NotFound)?;
    let Some(to) = (order.decide)(batch, now)? else { return Ok(None) };
    let moved = GateMove { batch_id: batch.id, to, topic: order.topic };
    let applied = counts::move_gate_in_tx(tx, &locked, moved, now).await?;
    let actor = scope.caller().actor.label();
    let deed = Deed {
        workspace_id: Some(scope.workspace_id()),
        actor: &actor,
        action: order.action,
        subject: batch.id.to_string(),
        detail: json!({
            "from": batch.gate.as_str(),
            "reason": batch.gate_reason.map(GateReason::as_str),
            "to": to.gate.as_str(),
            "held": batch.price_per_video.0.saturating_mul(model::open(batch)),
        }),
        request_id: &scope.caller().request_id,
    };
    audit::record_in_tx(tx, now, deed).await?;
    Ok(Some(applied))
}
