//! Queries about assets and the access log.

use entity::enums::AccessKind;
use entity::ids::{AccessId, AssetId, ShareId, VideoId, WorkspaceId};
use entity::values::UnixMs;
use entity::{asset, share_link};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Value};

use super::{Error, LinkRequest, Seen};
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

/// The same thing that happened to some files.
pub(super) struct Access {
    pub seen: Seen,
    pub assets: Vec<AssetId>,
    pub ip_sha256: Option<Vec<u8>>,
    pub user_agent: String,
    pub byte_range: Option<String>,
    pub at: UnixMs,
}

/// Writes a row for each file.
pub(super) async fn log(db: &Db, access: Access) -> Result<(), Error> {
    if access.assets.is_empty() {
        return Ok(());
    }
    let class = match access.seen.kind {
        AccessKind::LinkIssued => Class::Interactive,
        _ => Class::Telemetry,
    };
    let access = &access;
    db.tx(class, |tx| async move {
        let ids: Vec<AccessId> = ids::mint_many(access.at, access.assets.len());
        let rows = Rows::new()
            .ids("id", ids.iter().map(|id| id.0).collect())
            .ids("asset_id", access.assets.iter().map(|id| id.0).collect());
        let mut values: Vec<Value> = vec![
            access.seen.workspace_id.into(),
            access.seen.kind.as_str().into(),
            access.seen.actor.as_str().into(),
            access.seen.expires_at.into(),
            access.ip_sha256.clone().into(),
            access.user_agent.as_str().into(),
            access.byte_range.clone().into(),
            access.at.into(),
        ];
        let source = rows.source(tx.get_database_backend(), &mut values);
        let sql = format!(
            "INSERT INTO video_external_access_log \
             (id, workspace_id, asset_id, kind, actor, expires_at, ip_sha256, user_agent, \
             byte_range, at) \
             SELECT r.id, $1, r.asset_id, $2, $3, $4, $5, $6, $7, $8 FROM {source}"
        );
        let expected = access.assets.len() as u64;
        dialect::execute_exactly(&*tx, sql, values, expected).await?;
        Ok(())
    })
    .await
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
