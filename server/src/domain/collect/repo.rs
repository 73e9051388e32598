//! Queries about orders, shares and the videos they mean. Each starts from a workspace; only the
//! look-up of what a token names does not.

use entity::enums::{Mark, VideoState};
use entity::ids::{AssetId, AuditId, BatchId, ShareId, UserId, VideoId, WorkspaceId, ZipId};
use entity::values::UnixMs;
use entity::{asset, audit, batch_item, batch_job, share_link, video_mark, zip_order};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, DbBackend, DbErr,
    EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Value,
};

use super::pick::{Pick, Sum};
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, for_no_key_update, statement};
use crate::db::{Db, Tx};

const KEPT: &str =
    "EXISTS (SELECT 1 FROM video_marks m WHERE m.video_id = batch_items.id AND m.mark = 'KEEP')";

/// A video with its file and its mark.
pub(super) struct Row {
    pub video: batch_item::Model,
    pub asset: Option<asset::Model>,
    pub mark: Option<Mark>,
}

pub(super) async fn batch(
    db: &Db,
    (workspace_id, batch_id): (WorkspaceId, BatchId),
) -> Result<Option<batch_job::Model>, DbErr> {
    let found = batch_job::Entity::find_by_id(batch_id)
        .filter(batch_job::Column::WorkspaceId.eq(workspace_id));
    found.one(db.reader()).await
}

/// The ordinals, rising, of these videos as far as they are of the batch.
pub(super) async fn ordinals(
    db: &Db,
    (workspace_id, batch_id): (WorkspaceId, BatchId),
    videos: &[VideoId],
) -> Result<Vec<i64>, DbErr> {
    let connection = db.reader();
    let mut values: Vec<Value> = vec![workspace_id.into(), batch_id.into()];
    let rows = Rows::new().ids("id", videos.iter().map(|id| id.0).collect());
    let source = rows.source(db.backend(), &mut values);
    let sql = format!(
        "SELECT i.ordinal AS ordinal FROM {source} JOIN batch_items i ON i.id = r.id \
         WHERE i.workspace_id = $1 AND i.batch_id = $2 ORDER BY i.ordinal"
    );
    let found = connection.query_all_raw(statement(connection, sql, values)).await?;
    found.iter().map(|row| row.try_get("", "ordinal")).collect()
}

/// `FROM … WHERE …` over the delivered videos of a pick, with its parameters.
fn delivered(pick: &Pick, backend: DbBackend) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![pick.workspace_id.into(), pick.batch_id.into()];
    let among = match &pick.ordinals {
        None => String::new(),
        Some(ordinals) => {
            let source = Rows::new().ints("n", ordinals.clone()).source(backend, &mut values);
            format!(" AND batch_items.ordinal IN (SELECT r.n FROM {source})")
        }
    };
    let kept = if pick.kept_only { format!(" AND {KEPT}") } else { String::new() };
    let sql = format!(
        "FROM assets a JOIN batch_items ON batch_items.id = a.video_id \
         WHERE a.workspace_id = $1 AND a.batch_id = $2{among}{kept}"
    );
    (sql, values)
}

/// How many delivered videos a pick means now, and how large they are.
pub(super) async fn sum(db: &Db, pick: &Pick) -> Result<Sum, DbErr> {
    let (from, values) = delivered(pick, db.backend());
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) AS videos, \
         CAST(COALESCE(sum(a.bytes), 0) AS BIGINT) AS bytes {from}"
    );
    let row = db.reader().query_one_raw(statement(db.reader(), sql, values)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(String::from("a sum")))?;
    Ok(Sum { videos: row.try_get("", "videos")?, bytes: row.try_get("", "bytes")? })
}

/// The first file of a pick, kept or not: what a refused use of its link is written down with.
pub(super) async fn first_asset(db: &Db, pick: &Pick) -> Result<Option<AssetId>, DbErr> {
    let whole = Pick { kept_only: false, ..pick.clone() };
    let (from, values) = delivered(&whole, db.backend());
    let sql = format!("SELECT a.id AS id {from} ORDER BY batch_items.ordinal LIMIT 1");
    let row = db.reader().query_one_raw(statement(db.reader(), sql, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// Videos of a pick after an ordinal, in order, at most `limit`, delivered ones alone if wished;
/// and the ordinal up to which was looked, `None` at the end.
pub(super) async fn rows(
    db: &Db,
    pick: &Pick,
    (after, limit, delivered): (i64, usize, bool),
) -> Result<(Vec<Row>, Option<i64>), DbErr> {
    let mut query = batch_item::Entity::find()
        .filter(batch_item::Column::WorkspaceId.eq(pick.workspace_id))
        .filter(batch_item::Column::BatchId.eq(pick.batch_id))
        .filter(batch_item::Column::Ordinal.gt(after));
    if delivered {
        query = query.filter(batch_item::Column::State.eq(VideoState::Delivered));
    }
    if pick.kept_only {
        query = query.filter(Expr::cust(KEPT));
    }
    let among = pick.next(after, limit);
    if let Some(ordinals) = among {
        query = query.filter(batch_item::Column::Ordinal.is_in(ordinals.iter().copied()));
    }
    let query = query.order_by_asc(batch_item::Column::Ordinal).limit(limit as u64);
    let videos = query.all(db.reader()).await?;
    let until = match among {
        Some(ordinals) => ordinals.last().copied(),
        None => videos.last().map(|video| video.ordinal),
    };
    Ok((complete(db, pick.workspace_id, videos).await?, until))
}

async fn complete(
    db: &Db,
    workspace_id: WorkspaceId,
    videos: Vec<batch_item::Model>,
) -> Result<Vec<Row>, DbErr> {
    let ids: Vec<VideoId> = videos.iter().map(|video| video.id).collect();
    let assets = asset::Entity::find()
        .filter(asset::Column::WorkspaceId.eq(workspace_id))
        .filter(asset::Column::VideoId.is_in(ids.iter().copied()))
        .all(db.reader())
        .await?;
    let marks = video_mark::Entity::find()
        .filter(video_mark::Column::WorkspaceId.eq(workspace_id))
        .filter(video_mark::Column::VideoId.is_in(ids))
        .all(db.reader())
        .await?;
    let row = |video: batch_item::Model| Row {
        asset: assets.iter().find(|asset| asset.video_id == video.id).cloned(),
        mark: marks.iter().find(|mark| mark.video_id == video.id).map(|mark| mark.mark),
        video,
    };
    Ok(videos.into_iter().map(row).collect())
}

/// Writes an order, and removes the workspace's orders that ended before `forgotten`.
pub(super) async fn insert_order_in_tx(
    tx: &Tx,
    order: &zip_order::Model,
    forgotten: UnixMs,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM zip_orders WHERE workspace_id = $1 AND expires_at < $2";
    execute(&**tx, sql, [order.workspace_id.into(), forgotten.into()]).await?;
    order.clone().into_active_model().reset_all().insert(&**tx).await.map(|_| ())
}

/// The order a verified token names.
pub(super) async fn order(db: &Db, id: ZipId) -> Result<Option<zip_order::Model>, DbErr> {
    zip_order::Entity::find_by_id(id).one(db.reader()).await
}

/// Writes a share unless its workspace has `limit` open ones; false if so.
pub(super) async fn insert_share_in_tx(
    tx: &Tx,
    share: &share_link::Model,
    limit: i64,
) -> Result<bool, DbErr> {
    // Two at once wait for each other, so that the count holds.
    let lock = for_no_key_update(tx.get_database_backend());
    let sql = format!("SELECT id FROM workspaces WHERE id = $1{lock}");
    tx.query_one_raw(statement(&**tx, sql, [share.workspace_id.into()])).await?;
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM share_links \
         WHERE workspace_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    let values = [share.workspace_id.into(), share.created_at.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    let open: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    if open >= limit {
        return Ok(false);
    }
    share.clone().into_active_model().reset_all().insert(&**tx).await.map(|_| true)
}

/// A share of this workspace.
pub(super) async fn share(
    db: &Db,
    workspace_id: WorkspaceId,
    id: ShareId,
) -> Result<Option<share_link::Model>, DbErr> {
    let found =
        share_link::Entity::find_by_id(id).filter(share_link::Column::WorkspaceId.eq(workspace_id));
    found.one(db.reader()).await
}

/// The share whose token has this digest.
pub(super) async fn share_of_token(
    db: &Db,
    digest: Vec<u8>,
) -> Result<Option<share_link::Model>, DbErr> {
    let found = share_link::Entity::find().filter(share_link::Column::TokenSha256.eq(digest));
    found.one(db.reader()).await
}

/// Newest first; of one batch if named.
pub(super) async fn shares(
    db: &Db,
    (workspace_id, batch_id): (WorkspaceId, Option<BatchId>),
    (after, limit): (Option<ShareId>, u64),
) -> Result<Vec<share_link::Model>, DbErr> {
    let mut query =
        share_link::Entity::find().filter(share_link::Column::WorkspaceId.eq(workspace_id));
    if let Some(batch_id) = batch_id {
        query = query.filter(share_link::Column::BatchId.eq(batch_id));
    }
    if let Some(after) = after {
        query = query.filter(share_link::Column::Id.lt(after));
    }
    query.order_by_desc(share_link::Column::Id).limit(limit).all(db.reader()).await
}

/// False when it was revoked before (or is not there).
pub(super) async fn revoke_in_tx(
    tx: &Tx,
    (workspace_id, id): (WorkspaceId, ShareId),
    (by, at): (Option<UserId>, UnixMs),
) -> Result<bool, DbErr> {
    let sql = "UPDATE share_links SET revoked_at = $3, revoked_by = $4 \
         WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL";
    let by = by.map(|user| user.0);
    let values: [Value; 4] = [workspace_id.into(), id.into(), at.into(), by.into()];
    execute(&**tx, sql, values).await.map(|changed| changed == 1)
}

/// Counts that a share was looked at.
pub(super) async fn opened_in_tx(tx: &Tx, id: ShareId, at: UnixMs) -> Result<(), DbErr> {
    let sql = "UPDATE share_links SET opened = opened + 1, last_opened_at = $2 WHERE id = $1";
    execute(&**tx, sql, [id.into(), at.into()]).await.map(drop)
}

/// Rows of the audit log about these subjects, newest first, of these actions alone.
pub(super) async fn deeds(
    db: &Db,
    (workspace_id, subjects): (WorkspaceId, Vec<String>),
    (actions, (after, limit)): (&[&str], (Option<AuditId>, u64)),
) -> Result<Vec<audit::Model>, DbErr> {
    let mut query = audit::Entity::find()
        .filter(audit::Column::WorkspaceId.eq(workspace_id))
        .filter(audit::Column::Subject.is_in(subjects))
        .filter(audit::Column::Action.is_in(actions.iter().copied()));
    if let Some(after) = after {
        query = query.filter(audit::Column::Id.lt(after));
    }
    query.order_by_desc(audit::Column::Id).limit(limit).all(db.reader()).await
}
