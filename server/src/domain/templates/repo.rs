//! The only queries of templates. Every one starts from its workspace.

use entity::ids::{TemplateId, TemplateVersionId, WorkspaceId};
use entity::values::UnixMs;
use entity::{template, template_version};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Set,
};

use super::model::{Template, Version};
use crate::db::{Tx, dialect};
use crate::kernel::ids;

fn scoped(workspace_id: WorkspaceId) -> Select<template::Entity> {
    template::Entity::find().filter(template::Column::WorkspaceId.eq(workspace_id))
}

fn scoped_versions(workspace_id: WorkspaceId) -> Select<template_version::Entity> {
    template_version::Entity::find().filter(template_version::Column::WorkspaceId.eq(workspace_id))
}

pub(super) async fn insert_in_tx(tx: &Tx, row: &Template) -> Result<(), DbErr> {
    template::ActiveModel {
        id: Set(row.id),
        workspace_id: Set(row.workspace_id),
        name: Set(row.name.clone()),
        purpose: Set(row.purpose.clone()),
        latest_version: Set(row.latest_version),
        created_by: Set(row.created_by),
        created_at: Set(row.created_at),
        updated_at: Set(row.updated_at),
        archived_at: Set(row.archived_at),
    }
    .insert(&**tx)
    .await
    .map(|_| ())
}

pub(super) async fn insert_version_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    version: &Version,
) -> Result<(), DbErr> {
    template_version::ActiveModel {
        id: Set(ids::mint::<TemplateVersionId>(version.created_at)),
        template_id: Set(version.template_id),
        workspace_id: Set(workspace_id),
        version: Set(version.version),
        source: Set(version.source.clone()),
        selection: Set(serde_json::to_value(&version.selection)
            .map_err(|error| DbErr::Json(error.to_string()))?),
        created_by: Set(version.created_by),
        created_at: Set(version.created_at),
    }
    .insert(&**tx)
    .await
    .map(|_| ())
}

/// Takes the next version number; false unless `expected` is the newest and nobody archived it.
pub(super) async fn advance_in_tx(
    tx: &Tx,
    (workspace_id, template_id): (WorkspaceId, TemplateId),
    expected: i64,
    now: UnixMs,
) -> Result<bool, DbErr> {
    dialect::execute(
        &**tx,
        "UPDATE templates SET latest_version = latest_version + 1, updated_at = $4 \
         WHERE workspace_id = $1 AND id = $2 AND latest_version = $3 AND archived_at IS NULL",
        [workspace_id.into(), template_id.into(), expected.into(), now.into()],
    )
    .await
    .map(|changed| changed == 1)
}

/// False when it is archived (or is not there).
pub(super) async fn rename_in_tx(
    tx: &Tx,
    (workspace_id, template_id): (WorkspaceId, TemplateId),
    (name, purpose): &(String, Option<String>),
) -> Result<bool, DbErr> {
    dialect::execute(
        &**tx,
        "UPDATE templates SET name = $3, purpose = $4 \
         WHERE workspace_id = $1 AND id = $2 AND archived_at IS NULL",
        [workspace_id.into(), template_id.into(), name.clone().into(), purpose.clone().into()],
    )
    .await
    .map(|changed| changed == 1)
}

/// False when it is archived already (or is not there).
pub(super) async fn archive_in_tx(
    tx: &Tx,
    (workspace_id, template_id): (WorkspaceId, TemplateId),
    now: UnixMs,
) -> Result<bool, DbErr> {
    dialect::execute(
        &**tx,
        "UPDATE templates SET archived_at = $3 \
         WHERE workspace_id = $1 AND id = $2 AND archived_at IS NULL",
        [workspace_id.into(), template_id.into(), now.into()],
    )
    .await
    .map(|changed| changed == 1)
}

pub(super) async fn get<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    template_id: TemplateId,
) -> Result<Option<Template>, DbErr> {
    let row =
        scoped(workspace_id).filter(template::Column::Id.eq(template_id)).one(connection).await?;
    Ok(row.map(Template::from))
}

pub(super) async fn many<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    template_ids: &[TemplateId],
) -> Result<Vec<Template>, DbErr> {
    let wanted = template::Column::Id.is_in(template_ids.iter().copied());
    let rows = scoped(workspace_id).filter(wanted).all(connection).await?;
    Ok(rows.into_iter().map(Template::from).collect())
}

/// Newest first, without the archived ones.
pub(super) async fn list<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    (after, limit): (Option<TemplateId>, u64),
) -> Result<Vec<Template>, DbErr> {
    let mut query = scoped(workspace_id).filter(template::Column::ArchivedAt.is_null());
    if let Some(after) = after {
        query = query.filter(template::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(template::Column::Id).limit(limit).all(connection).await?;
    Ok(rows.into_iter().map(Template::from).collect())
}

pub(super) async fn version<C: ConnectionTrait>(
    connection: &C,
    (workspace_id, template_id): (WorkspaceId, TemplateId),
    version: i64,
) -> Result<Option<template_version::Model>, DbErr> {
    scoped_versions(workspace_id)
        .filter(template_version::Column::TemplateId.eq(template_id))
        .filter(template_version::Column::Version.eq(version))
        .one(connection)
        .await
}

/// Newest first.
pub(super) async fn versions<C: ConnectionTrait>(
    connection: &C,
    (workspace_id, template_id): (WorkspaceId, TemplateId),
    (before, limit): (Option<i64>, u64),
) -> Result<Vec<template_version::Model>, DbErr> {
    let mut query =
        scoped_versions(workspace_id).filter(template_version::Column::TemplateId.eq(template_id));
    if let Some(before) = before {
        query = query.filter(template_version::Column::Version.lt(before));
    }
    query.order_by_desc(template_version::Column::Version).limit(limit).all(connection).await
}

impl From<template::Model> for Template {
    fn from(row: template::Model) -> Self {
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            name: row.name,
            purpose: row.purpose,
            latest_version: row.latest_version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
            archived_at: row.archived_at,
        }
    }
}
