//! Queries about assets and the access log.

use entity::ids::{AccessId, AssetId, ShareId, VideoId, WorkspaceId};
use entity::values::UnixMs;
use entity::{asset, share_link};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Value};

use super::journal::Access;
use super::{Error, LinkRequest};
use crate::db::bulk::Rows;
use crate::db::dialect::{self, statement};
use crate::db::{Class, Db};
use crate::domain::access::model::Scope;
use crate::kernel::ids;

/// Assets of the batch's videos that were asked for, in the order asked.
pub(super) async fn assets(
    db: &Db,
    scope: &Scope,
    request: &LinkRequest<'_>,
) -> Result<Vec<(VideoId, AssetId)>, Error> {
    let batch = entity::batch_job::Entity::find_by_id(request.batch_id)
        .filter(entity::batch_job::Column::WorkspaceId.eq(scope.workspace_id()))
        .one(db.reader())
        .await?;
    batch.ok_or(Error::NotFound)?;
    let found = asset::Entity::find()
        .filter(asset::Column::WorkspaceId.eq(scope.workspace_id()))
        .filter(asset::Column::BatchId.eq(request.batch_id))
        .filter(asset::Column::VideoId.is_in(request.video_ids.iter().copied()))
        .all(db.reader())
        .await?;
    let by_video: std::collections::HashMap<VideoId, AssetId> =
        found.into_iter().map(|row| (row.video_id, row.id)).collect();
    let asked = request.video_ids.iter();
    Ok(asked.filter_map(|video| by_video.get(video).map(|asset| (*video, *asset))).collect())
}

/// Assets of these videos of one workspace.
pub(super) async fn assets_of(
    db: &Db,
    workspace_id: WorkspaceId,
    videos: &[VideoId],
) -> Result<Vec<asset::Model>, Error> {
    let found = asset::Entity::find()
        .filter(asset::Column::WorkspaceId.eq(workspace_id))
        .filter(asset::Column::VideoId.is_in(videos.iter().copied()));
    Ok(found.all(db.reader()).await?)
}

/// The asset a verified token names.
pub(super) async fn asset(db: &Db, id: AssetId) -> Result<Option<asset::Model>, Error> {
    Ok(asset::Entity::find_by_id(id).one(db.reader()).await?)
}

/// Whether a share shows anything now.
pub(super) async fn is_open(db: &Db, share: ShareId, now: UnixMs) -> Result<bool, Error> {
    let open = share_link::Entity::find_by_id(share)
        .filter(share_link::Column::RevokedAt.is_null())
        .filter(share_link::Column::ExpiresAt.gt(now));
    Ok(open.one(db.reader()).await?.is_some())
}

/// Writes these rows, all or none.
pub(super) async fn log(db: &Db, class: Class, accesses: &[&Access]) -> Result<(), Error> {
    let expected: usize = accesses.iter().map(|access| access.assets.len()).sum();
    db.tx(class, |tx| async move {
        let mut values: Vec<Value> = Vec::new();
        let source = rows(accesses).source(tx.get_database_backend(), &mut values);
        let sql = format!(
            "INSERT INTO video_external_access_log \
             (id, workspace_id, asset_id, kind, actor, expires_at, ip_sha256, user_agent, \
             byte_range, at) \
             SELECT r.id, r.workspace_id, r.asset_id, r.kind, r.actor, r.expires_at, \
             r.ip_sha256, r.user_agent, r.byte_range, r.at FROM {source}"
        );
        dialect::execute_exactly(&*tx, sql, values, expected as u64).await?;
        Ok(())
    })
    .await
}

/// A row for each file.
fn rows(accesses: &[&Access]) -> Rows {
    fn column<T>(accesses: &[&Access], value: impl Fn(&Access) -> T) -> Vec<T> {
        let each = accesses.iter().flat_map(|access| access.assets.iter().map(move |_| *access));
        each.map(value).collect()
    }
    let ids = accesses.iter().flat_map(|access| {
        ids::mint_many::<AccessId>(access.at, access.assets.len()).into_iter().map(|id| id.0)
    });
    let assets = accesses.iter().flat_map(|access| access.assets.iter().map(|id| id.0));
    Rows::new()
        .ids("id", ids.collect())
        .ids("asset_id", assets.collect())
        .ids("workspace_id", column(accesses, |access| access.seen.workspace_id.0))
        .texts("kind", column(accesses, |access| access.seen.kind.as_str().to_owned()))
        .texts("actor", column(accesses, |access| access.seen.actor.clone()))
        .ints("expires_at", column(accesses, |access| access.seen.expires_at.0))
        .maybe_bytes("ip_sha256", column(accesses, |access| access.ip_sha256.clone()))
        .texts("user_agent", column(accesses, |access| access.user_agent.clone()))
        .maybe_texts("byte_range", column(accesses, |access| access.byte_range.clone()))
        .ints("at", column(accesses, |access| access.at.0))
}

/// Which of these objects no asset names.
pub(super) async fn unnamed(db: &Db, keys: Vec<String>) -> Result<Vec<String>, Error> {
    if keys.is_empty() {
        return Ok(keys);
    }
    let connection = db.reader();
    let mut values = Vec::new();
    let source = Rows::new().texts("key", keys).source(db.backend(), &mut values);
    let sql = format!(
        "SELECT r.key AS key FROM {source} WHERE NOT EXISTS \
         (SELECT 1 FROM assets a WHERE a.object_key = r.key) \
         AND NOT EXISTS (SELECT 1 FROM assets a WHERE a.poster_key = r.key)"
    );
    let found = connection.query_all_raw(statement(connection, sql, values)).await?;
    found.iter().map(|row| Ok(row.try_get("", "key")?)).collect()
}
