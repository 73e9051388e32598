//! Marks.

use entity::enums::Mark;
use entity::ids::{BatchId, VideoId, WorkspaceId};
use entity::video_mark;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Value,
};

use super::super::marks::{MarkCounts, Marked, Verdict};
use super::super::model::Batch;
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, statement};

fn source(tx: &impl ConnectionTrait, videos: &[VideoId], values: &mut Vec<Value>) -> String {
    let rows = Rows::new().ids("id", videos.iter().map(|id| id.0).collect());
    rows.source(tx.get_database_backend(), values)
}

/// Whether every one of these videos, all different, is of the batch. Videos are never removed.
pub(in super::super) async fn all_of_batch_in_tx(
    tx: &Tx,
    batch: &Batch,
    videos: &[VideoId],
) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![batch.workspace_id.into(), batch.id.into()];
    let source = source(&**tx, videos, &mut values);
    let sql = format!(
        "SELECT CAST(count(*) AS BIGINT) AS n FROM {source} JOIN batch_items i ON i.id = r.id \
         WHERE i.workspace_id = $1 AND i.batch_id = $2"
    );
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(usize::try_from(found) == Ok(videos.len()))
}

pub(in super::super) async fn mark_in_tx(
    tx: &Tx,
    batch: &Batch,
    (videos, verdict): (&[VideoId], Verdict),
) -> Result<(), DbErr> {
    let mut values: Vec<Value> = vec![
        batch.id.into(),
        batch.workspace_id.into(),
        verdict.mark.as_str().into(),
        verdict.by.into(),
        verdict.at.into(),
    ];
    let source = source(&**tx, videos, &mut values);
    // By id, so that two who mark the same videos at once do not wait for each other crosswise.
    let sql = format!(
        "INSERT INTO video_marks (video_id, batch_id, workspace_id, mark, marked_by, marked_at) \
         SELECT r.id, $1, $2, $3, $4, $5 FROM {source} WHERE TRUE ORDER BY r.id \
         ON CONFLICT (video_id) DO UPDATE SET mark = excluded.mark, \
         marked_by = excluded.marked_by, marked_at = excluded.marked_at"
    );
    execute_exactly(&**tx, sql, values, videos.len() as u64).await
}

pub(in super::super) async fn unmark_in_tx(
    tx: &Tx,
    batch: &Batch,
    videos: &[VideoId],
) -> Result<(), DbErr> {
    let mut values: Vec<Value> = vec![batch.workspace_id.into(), batch.id.into()];
    let source = source(&**tx, videos, &mut values);
    let sql = format!(
        "DELETE FROM video_marks WHERE workspace_id = $1 AND batch_id = $2 \
         AND video_id IN (SELECT r.id FROM {source})"
    );
    execute(&**tx, sql, values).await.map(drop)
}

pub(in super::super) async fn marks<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    videos: &[VideoId],
) -> Result<Vec<video_mark::Model>, DbErr> {
    video_mark::Entity::find()
        .filter(video_mark::Column::WorkspaceId.eq(workspace_id))
        .filter(video_mark::Column::VideoId.is_in(videos.iter().copied()))
        .all(connection)
        .await
}

pub(in super::super) async fn mark_counts<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    batches: &[BatchId],
) -> Result<Vec<MarkCounts>, DbErr> {
    let mut values: Vec<Value> = vec![workspace_id.into()];
    let rows = Rows::new().ids("id", batches.iter().map(|id| id.0).collect());
    let source = rows.source(connection.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT m.batch_id AS batch_id, \
         CAST(count(CASE WHEN m.mark = 'KEEP' THEN 1 END) AS BIGINT) AS kept, \
         CAST(count(CASE WHEN m.mark = 'REJECT' THEN 1 END) AS BIGINT) AS rejected \
         FROM video_marks m JOIN {source} ON m.batch_id = r.id \
         WHERE m.workspace_id = $1 GROUP BY m.batch_id"
    );
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok(MarkCounts {
            batch_id: row.try_get("", "batch_id")?,
            kept: row.try_get("", "kept")?,
            rejected: row.try_get("", "rejected")?,
        })
    };
    rows.iter().map(read).collect()
}

/// That a video is marked so. The words are ours, so they may stand in the statement.
pub(super) fn marked(wanted: Marked) -> SimpleExpr {
    let of_video = "SELECT 1 FROM video_marks AS m WHERE m.video_id = batch_items.id";
    match wanted {
        Marked::As(Mark::Keep) => Expr::cust(format!("EXISTS ({of_video} AND m.mark = 'KEEP')")),
        Marked::As(Mark::Reject) => {
            Expr::cust(format!("EXISTS ({of_video} AND m.mark = 'REJECT')"))
        }
        Marked::Not => Expr::cust(format!("NOT EXISTS ({of_video})")),
    }
}
