//! `users`: A person who can sign in.

use sea_orm::entity::prelude::*;

use crate::ids::UserId;
use crate::values::UnixMs;

/// A person who can sign in.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// Lower-cased address, unique.
    pub email: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// Shown to other members.
    pub display_name: String,
    /// `en` or `zh-CN`.
    pub locale: String,
    /// Runs the installation; set only by `reelmill user operator`.
    pub is_operator: bool,
    /// Bumped by every change of password, role, membership or session.
    pub access_epoch: i64,
    /// When the account was made.
    pub created_at: UnixMs,
    /// Set when the account may no longer sign in.
    pub disabled_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

// A printed row shows neither the address nor the password's hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("id", &self.id).finish_non_exhaustive()
    }
}
