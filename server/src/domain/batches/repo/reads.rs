//! Reads.

use entity::ids::{BatchId, QuoteId, VideoId, WorkspaceId};
use entity::{attempt, batch_item, batch_job, quote};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, Value,
};

use super::super::model::{Batch, Quote, Video};
use super::super::read::{BatchFilter, VideoFilter};
use crate::db::dialect::statement;

fn scoped(workspace_id: WorkspaceId) -> Select<batch_job::Entity> {
    batch_job::Entity::find().filter(batch_job::Column::WorkspaceId.eq(workspace_id))
}

fn scoped_videos(workspace_id: WorkspaceId) -> Select<batch_item::Entity> {
    batch_item::Entity::find().filter(batch_item::Column::WorkspaceId.eq(workspace_id))
}

pub(in super::super) async fn quote<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    quote_id: QuoteId,
) -> Result<Option<Quote>, DbErr> {
    quote::Entity::find()
        .filter(quote::Column::WorkspaceId.eq(workspace_id))
        .filter(quote::Column::Id.eq(quote_id))
        .one(connection)
        .await
}

pub(in super::super) async fn quotes<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    wanted: &[QuoteId],
) -> Result<Vec<Quote>, DbErr> {
    quote::Entity::find()
        .filter(quote::Column::WorkspaceId.eq(workspace_id))
        .filter(quote::Column::Id.is_in(wanted.iter().copied()))
        .all(connection)
        .await
}

pub(in super::super) async fn batch<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    batch_id: BatchId,
) -> Result<Option<Batch>, DbErr> {
    scoped(workspace_id).filter(batch_job::Column::Id.eq(batch_id)).one(connection).await
}

pub(in super::super) async fn batch_of_quote<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    quote_id: QuoteId,
) -> Result<Option<Batch>, DbErr> {
    scoped(workspace_id).filter(batch_job::Column::QuoteId.eq(quote_id)).one(connection).await
}

pub(in super::super) async fn batches<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    wanted: &[BatchId],
) -> Result<Vec<Batch>, DbErr> {
    let wanted = batch_job::Column::Id.is_in(wanted.iter().copied());
    scoped(workspace_id).filter(wanted).all(connection).await
}

/// Newest first.
pub(in super::super) async fn list<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    filter: BatchFilter,
    (after, limit): (Option<BatchId>, u64),
) -> Result<Vec<Batch>, DbErr> {
    let mut query = scoped(workspace_id);
    if let Some(state) = filter.state {
        query = query.filter(batch_job::Column::State.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(batch_job::Column::Id.lt(after));
    }
    query.order_by_desc(batch_job::Column::Id).limit(limit).all(connection).await
}

/// In ordinal order.
pub(in super::super) async fn videos<C: ConnectionTrait>(
    connection: &C,
    (workspace_id, batch_id): (WorkspaceId, BatchId),
    filter: &VideoFilter,
    (after, limit): (Option<i64>, u64),
) -> Result<Vec<Video>, DbErr> {
    let mut query = scoped_videos(workspace_id).filter(batch_item::Column::BatchId.eq(batch_id));
    if let Some(state) = filter.state {
        query = query.filter(batch_item::Column::State.eq(state));
    }
    for (name, value) in &filter.values {
        query = query.filter(bound_to(connection.get_database_backend(), name, value));
    }
    if let Some(wanted) = filter.mark {
        query = query.filter(super::marks::marked(wanted));
    }
    if let Some(after) = after {
        query = query.filter(batch_item::Column::Ordinal.gt(after));
    }
    query.order_by_asc(batch_item::Column::Ordinal).limit(limit).all(connection).await
}

/// `bindings[name] = value`. SQLite reads a bare label as a path, in which a dot or a bracket
/// would mean something: there the keys are compared as texts.
fn bound_to(backend: DbBackend, name: &str, value: &str) -> SimpleExpr {
    let values = [Value::from(name), Value::from(value)];
    match backend {
        DbBackend::Sqlite => Expr::cust_with_values(
            "EXISTS (SELECT 1 FROM json_each(batch_items.bindings) AS bound \
             WHERE bound.key = ? AND bound.atom = ?)",
            values,
        ),
        _ => Expr::cust_with_values("bindings ->> $1 = $2", values),
    }
}

/// Changed after a revision, in ordinal order.
pub(in super::super) async fn changed<C: ConnectionTrait>(
    connection: &C,
    (workspace_id, batch_id): (WorkspaceId, BatchId),
    (after_rev, limit): (i64, u64),
) -> Result<Vec<Video>, DbErr> {
    scoped_videos(workspace_id)
        .filter(batch_item::Column::BatchId.eq(batch_id))
        .filter(batch_item::Column::Rev.gt(after_rev))
        .order_by_asc(batch_item::Column::Ordinal)
        .limit(limit)
        .all(connection)
        .await
}

pub(in super::super) async fn video<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    video_id: VideoId,
) -> Result<Option<Video>, DbErr> {
    scoped_videos(workspace_id).filter(batch_item::Column::Id.eq(video_id)).one(connection).await
}

/// By video, first to last.
pub(in super::super) async fn attempts<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    videos: &[VideoId],
) -> Result<Vec<attempt::Model>, DbErr> {
    attempt::Entity::find()
        .filter(attempt::Column::WorkspaceId.eq(workspace_id))
        .filter(attempt::Column::VideoId.is_in(videos.iter().copied()))
        .order_by_asc(attempt::Column::VideoId)
        .order_by_asc(attempt::Column::Attempt)
        .all(connection)
        .await
}

/// How many videos of a batch are under way.
pub(in super::super) async fn in_flight<C: ConnectionTrait>(
    connection: &C,
    (workspace_id, batch_id): (WorkspaceId, BatchId),
) -> Result<i64, DbErr> {
    let sql = "SELECT count(*) AS n FROM batch_items WHERE workspace_id = $1 AND batch_id = $2 \
         AND state IN ('SUBMITTING', 'RENDERING', 'STORING', 'OUTCOME_UNKNOWN')";
    let asked = statement(connection, sql, [workspace_id.into(), batch_id.into()]);
    let row = connection.query_one_raw(asked).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}
