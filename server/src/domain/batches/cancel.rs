//! Cancel: what waits ends now, what is under way ends as it ends.
//!
//! QUEUED videos are cancelled and their shares released in this transaction. Videos in flight
//! stay held: the line asks their provider to stop, and the first guarded edge wins (stopped:
//! released; file arrives: delivered and charged). The gate closes, so nothing is claimed again.

use entity::enums::GateReason;
use entity::ids::BatchId;
use entity::values::Credits;

use super::close::{Closed, Closing, close_in_tx};
use super::error::Error;
use super::model::{self, Batch, Cancelling};
use super::{Batches, allowed};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};
use crate::kernel::failpoint;

/// What a cancel did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelOutcome {
    /// The batch afterwards.
    pub batch: Batch,
    /// Given back by this very request.
    pub released_credits: Credits,
    /// Still frozen for videos in flight.
    pub still_held_credits: Credits,
    /// Whether videos are in flight that may yet be delivered, and charged.
    pub may_still_be_charged: bool,
    /// True when somebody had cancelled it before: this request changed nothing.
    pub already_cancelled: bool,
}

impl Batches {
    /// Stops a batch.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Ended`] for a batch that settled without being cancelled.
    pub async fn cancel(&self, scope: &Scope, batch_id: BatchId) -> Result<CancelOutcome, Error> {
        allowed(scope, Action::Cancel)?;
        let closed = self.close(scope, (batch_id, GateReason::Cancelled), cancellable).await?;
        let batch = self.get(scope, batch_id).await?;
        let still_held = batch.price_per_video.checked_mul(model::open(&batch));
        Ok(CancelOutcome {
            released_credits: closed.map_or(Credits::ZERO, |closed| closed.released),
            still_held_credits: still_held.unwrap_or_default(),
            may_still_be_charged: model::open(&batch) > 0,
            already_cancelled: closed.is_none(),
            batch,
        })
    }

    /// Closes a batch for a person and tells of it.
    pub(super) async fn close(
        &self,
        scope: &Scope,
        (batch_id, reason): (BatchId, GateReason),
        allows: fn(&Batch) -> Result<bool, Error>,
    ) -> Result<Option<Closed>, Error> {
        let known = self.get(scope, batch_id).await?;
        let actor = scope.caller().actor.label();
        let now = self.parts.clock.now();
        let request_id = &scope.caller().request_id;
        let closing = Closing { known: &known, reason, actor: &actor, request_id, now };
        let closing = &closing;
        let work = |tx: Tx| async move { close_in_tx(&tx, closing, allows).await };
        let closed = self.parts.db.tx(Class::Money, work).await?;
        if let Some(closed) = closed {
            failpoint::pass("cancel.committed");
            self.parts.bus.publish(batch_id, closed.applied.rev).await;
        }
        Ok(closed)
    }
}

fn cancellable(batch: &Batch) -> Result<bool, Error> {
    match model::cancelling(batch) {
        Cancelling::Allowed => Ok(true),
        Cancelling::Already => Ok(false),
        Cancelling::Ended => Err(Error::Ended),
    }
}
