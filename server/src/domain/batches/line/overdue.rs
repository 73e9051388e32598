//! Batches that wait for a person longer than anybody may: a pilot nobody decided on, a pause
//! nobody ended. They close themselves, and the credits of the rest are free again.

use entity::batch_job;
use entity::enums::GateReason;
use sea_orm::{ConnectionTrait as _, FromQueryResult as _};

use super::error::Error;
use super::{Dispatch, write};
use crate::db::dialect::statement;
use crate::db::{Class, Tx};
use crate::domain::batches::close::{Closing, close_in_tx};
use crate::domain::batches::gate;
use crate::kernel::failpoint;

/// Most batches closed in one round.
const MOST: i64 = 100;

impl Dispatch {
    /// Closes what has waited too long; returns how many. Somebody who decides at the same moment
    /// may be quicker: the locked row says.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn close_overdue(&self) -> Result<u64, Error> {
        let now = self.clock.now();
        let before = now.plus_ms(-write::ms(self.rules.undecided_after));
        let sql = format!(
            "SELECT * FROM batch_jobs WHERE settled_at IS NULL AND gate IN ('PILOT', 'PAUSED') \
             AND gate_since <= $1 ORDER BY gate_since, id LIMIT {MOST}"
        );
        let reader = self.db.reader();
        let rows = reader.query_all_raw(statement(reader, sql, [before.into()])).await?;
        let mut closed = 0;
        for row in &rows {
            let known = batch_job::Model::from_query_result(row, "")?;
            let closing = &Closing {
                known: &known,
                reason: GateReason::Overdue,
                actor: "system",
                request_id: "sweep",
                now,
            };
            let allows = |batch: &batch_job::Model| Ok(gate::overdue(batch, before));
            let work = |tx: Tx| async move { close_in_tx(&tx, closing, allows).await };
            if let Some(done) = self.db.tx(Class::Money, work).await? {
                failpoint::pass("overdue.committed");
                self.announce(&[done.applied]).await;
                closed += 1;
            }
        }
        Ok(closed)
    }
}
