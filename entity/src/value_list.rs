//! `value_lists`: A named list of values.

use sea_orm::entity::prelude::*;

use crate::ids::{UserId, ValueListId, WorkspaceId};
use crate::values::UnixMs;

/// A named list of values.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "value_lists")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ValueListId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Shown.
    pub name: String,
    /// Lower-cased: two names that differ in case are one.
    pub name_key: String,
    /// The values in order, an array of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub list: Json,
    /// How many.
    pub size: i64,
    /// Grows with every change.
    pub version: i64,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// Last change.
    pub updated_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
