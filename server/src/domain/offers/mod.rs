//! What the operator keeps about offers in the database: their keys, sealed.
//!
//! Invariants: a key is stored only as `MasterKey::seal` makes it, bound to its offer's name; an
//! audit row says that it was set or removed, never what it is; only the operator may.
//!
//! Deliberately absent: the offers themselves, which are configuration; telling running processes
//! of a change, which they find by reading again (`worker::keys`).

use std::collections::HashMap;

use serde_json::json;

use crate::db::audit::{self, Deed};
use crate::db::{Class, Db, Tx};
use crate::domain::access::Caller;
use crate::kernel::clock::Clock;
use crate::kernel::secret::{MasterKey, Secret};

pub mod error;
mod repo;

pub use error::Error;

/// What keys are sealed for.
const PURPOSE: &str = "provider-key";
/// Longest key, bytes.
pub const MAX_KEY_BYTES: usize = 4_096;

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct OfferKeys {
    db: Db,
    clock: Clock,
    key: MasterKey,
}

impl OfferKeys {
    /// A service over this database and the installation's key.
    #[must_use]
    pub const fn new(db: Db, clock: Clock, key: MasterKey) -> Self {
        Self { db, clock, key }
    }

    /// Sets an offer's key, or replaces it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but the operator; [`Error::Key`] when it cannot be a key.
    pub async fn set(&self, caller: &Caller, offer: &str, secret: &Secret) -> Result<(), Error> {
        let text = secret.reveal();
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > MAX_KEY_BYTES || !printable {
            return Err(Error::Key);
        }
        let sealed = self.key.seal(PURPOSE, offer, secret)?;
        self.change(caller, offer, Some(sealed)).await
    }

    /// Removes an offer's key.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] when none is set.
    pub async fn remove(&self, caller: &Caller, offer: &str) -> Result<(), Error> {
        self.change(caller, offer, None).await
    }

    async fn change(
        &self,
        caller: &Caller,
        offer: &str,
        sealed: Option<Vec<u8>>,
    ) -> Result<(), Error> {
        if !caller.actor.is_operator() {
            return Err(Error::Forbidden);
        }
        let now = self.clock.now();
        let action = if sealed.is_some() { "provider.key.set" } else { "provider.key.remove" };
        let sealed = &sealed;
        let work = |tx: Tx| async move {
            match sealed {
                Some(sealed) => repo::put_in_tx(&tx, offer, sealed, now).await?,
                None if repo::remove_in_tx(&tx, offer).await? => {}
                None => return Err(Error::NotFound),
            }
            let deed = Deed {
                workspace_id: None,
                actor: &caller.actor.label(),
                action,
                subject: offer.to_owned(),
                detail: json!({}),
                request_id: &caller.request_id,
            };
            audit::record_in_tx(&tx, now, deed).await?;
            Ok(())
        };
        self.db.tx(Class::Interactive, work).await
    }

    /// Every key that is set, by offer.
    ///
    /// # Errors
    /// [`Error::Sealed`] when one does not open with the installation's key.
    pub async fn all(&self) -> Result<HashMap<String, Secret>, Error> {
        let each = self.each().await?.into_iter();
        each.map(|(offer, key)| Ok((offer, key?))).collect()
    }

    /// Every key that is set, by offer: each opened, or why it does not open.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn each(&self) -> Result<HashMap<String, Result<Secret, Error>>, Error> {
        let rows = repo::all(self.db.reader()).await?;
        let open = |row: entity::provider_key::Model| {
            let opened = self.key.open(PURPOSE, &row.offer, &row.sealed);
            let opened = opened.ok_or_else(|| Error::Sealed { offer: row.offer.clone() });
            (row.offer, opened)
        };
        Ok(rows.into_iter().map(open).collect())
    }
}
