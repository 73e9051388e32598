//! What an operator does to a wallet, by the API or by command: both come through here, so what
//! holds at one door holds at the other.

use serde_json::json;

use super::adjust::{Adjust, adjust_in_tx};
use super::error::Error;
use super::grant::grant_once_in_tx;
use super::lock::find_in_tx;
use super::model::{AdjustOrder, Balance, Grant, GrantOrder};
use super::{Wallet, deed, repo};
use crate::db::audit::{self, Deed};
use crate::db::idempotency::{self, Claim, MAX_KEY_CHARS, Verdict};
use crate::db::{Class, Tx};
use crate::domain::access::Caller;
use crate::domain::templates::model::bounded;

/// Name of the operation in idempotency keys.
const ADJUST: &str = "adjustCredits";
/// Most characters of a reason.
pub(super) const MAX_REASON: usize = 500;
/// Most bytes of an operator's reference.
const MAX_REFERENCE: usize = 100;

impl Wallet {
    /// An operator grants credits, with a reason, audited. A reference already granted with the
    /// same terms changes nothing and is not audited again.
    ///
    /// # Errors
    /// Those of [`super::grant_in_tx`]; [`Error::Forbidden`] for anyone but an operator,
    /// [`Error::Reference`] for a reference that is none of the operator's.
    pub async fn grant(&self, caller: &Caller, order: &GrantOrder) -> Result<Balance, Error> {
        let reason = allowed(caller, &order.reason)?;
        let now = self.clock.now();
        let source_ref = reference(&order.reference)?;
        let source_ref = source_ref.as_str();
        let actor = caller.actor.label();
        let actor = actor.as_str();
        let work = |tx: Tx| async move {
            let wallet_id = find_in_tx(&tx, order.workspace_id, order.mode).await?;
            let GrantOrder { source, amount, expires_at, .. } = *order;
            let grant = Grant { wallet_id, source, source_ref, amount, expires_at, actor, reason };
            let granted = grant_once_in_tx(&tx, &grant, now).await?;
            if granted.is_new {
                let detail = json!({
                    "mode": order.mode.as_str(), "source": source.as_str(), "amount": amount.0,
                    "lot": granted.lot_id.to_string(), "reason": reason,
                });
                let deed = deed(caller, order.workspace_id, ("credits.grant", wallet_id), detail);
                audit::record_in_tx(&tx, now, Deed { actor, ..deed }).await?;
            }
            Ok::<(), Error>(())
        };
        self.db.tx(Class::Interactive, work).await?;
        self.balance_of(order.workspace_id, order.mode).await
    }

    /// An operator adds or takes back credits, with a reason, audited. A shortfall becomes debt.
    /// The same key with the same order books nothing and answers with the wallet as it is.
    ///
    /// # Errors
    /// Those of [`super::adjust_in_tx`]; [`Error::Forbidden`] for anyone but an operator,
    /// [`Error::Key`], [`Error::IdempotencyConflict`] for a key used with another order.
    pub async fn adjust(&self, caller: &Caller, order: &AdjustOrder) -> Result<Balance, Error> {
        let reason = allowed(caller, &order.reason)?;
        let key = order.idempotency_key.as_str();
        bounded("idempotencyKey", key, MAX_KEY_CHARS).map_err(Error::Key)?;
        let now = self.clock.now();
        let actor = caller.actor.label();
        let actor = actor.as_str();
        let workspace_id = order.workspace_id;
        // Before the transaction, whose first lock is the key's.
        let found = repo::lock::find(self.db.reader(), workspace_id, order.mode).await?;
        let wallet_id = found.ok_or(Error::NotFound)?;
        let input = order.canonical_input(reason);
        let (operation, input, result_id) = (ADJUST, input.as_slice(), wallet_id.0);
        let claim = &Claim { workspace_id, operation, key, input, result_id };
        let work = |tx: Tx| async move {
            match idempotency::claim_in_tx(&tx, now, claim).await? {
                Verdict::Fresh => {}
                Verdict::Replay(_) => return Ok(()),
                Verdict::Conflict => return Err(Error::IdempotencyConflict),
            }
            let adjust = Adjust { wallet_id, delta: order.delta, actor, reason };
            adjust_in_tx(&tx, &adjust, now).await?;
            let detail =
                json!({ "mode": order.mode.as_str(), "delta": order.delta, "reason": reason });
            let deed = deed(caller, workspace_id, ("credits.adjust", wallet_id), detail);
            audit::record_in_tx(&tx, now, Deed { actor, ..deed }).await?;
            Ok(())
        };
        self.db.tx(Class::Interactive, work).await?;
        self.balance_of(order.workspace_id, order.mode).await
    }
}

impl AdjustOrder {
    /// What the key stands for; the workspace is the key's own scope.
    fn canonical_input(&self, reason: &str) -> Vec<u8> {
        let mode = self.mode.as_str();
        json!({ "delta": self.delta, "mode": mode, "reason": reason }).to_string().into_bytes()
    }
}

/// Operators only, and only with a reason that fits.
fn allowed<'a>(caller: &Caller, reason: &'a str) -> Result<&'a str, Error> {
    if !caller.actor.is_operator() {
        return Err(Error::Forbidden);
    }
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Error::Reason);
    }
    Ok(reason)
}

/// How an operator's reference is stored. References of the server's own hold a colon (`voucher:…`,
/// `adjustment:…`) or stand alone (`trial`), so nobody else may write one.
fn reference(text: &str) -> Result<String, Error> {
    if text.is_empty() || text.len() > MAX_REFERENCE || text.contains(':') {
        return Err(Error::Reference);
    }
    Ok(format!("operator:{text}"))
}
