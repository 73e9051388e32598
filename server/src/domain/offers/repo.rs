//! The only queries of offers. They belong to the installation, not to a workspace.

use entity::provider_key::{Entity, Model};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _};

use crate::db::Tx;
use crate::db::dialect::{execute, execute_exactly};

pub(super) async fn put_in_tx(
    tx: &Tx,
    offer: &str,
    sealed: &[u8],
    now: UnixMs,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO provider_keys (offer, sealed, set_at) VALUES ($1, $2, $3) \
               ON CONFLICT (offer) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at";
    execute_exactly(&**tx, sql, [offer.into(), sealed.to_vec().into(), now.into()], 1).await
}

/// False when there was none.
pub(super) async fn remove_in_tx(tx: &Tx, offer: &str) -> Result<bool, DbErr> {
    let sql = "DELETE FROM provider_keys WHERE offer = $1";
    Ok(execute(&**tx, sql, [offer.into()]).await? == 1)
}

pub(super) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Model>, DbErr> {
    Entity::find().all(connection).await
}
