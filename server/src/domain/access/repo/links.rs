//! `one_time_links`. A link is used by one guarded UPDATE whose row count decides.

use entity::enums::{LinkPurpose, Role};
use entity::ids::{LinkId, UserId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::db::Tx;
use crate::db::dialect::{execute, execute_exactly, statement};
use crate::domain::access::model::Email;

/// Where a JOIN link leads.
#[derive(Clone, Copy)]
pub(in crate::domain::access) struct Invitation {
    pub workspace_id: WorkspaceId,
    pub role: Role,
    pub created_by: Option<UserId>,
}

/// A link that still works.
pub(in crate::domain::access) struct Link {
    pub id: LinkId,
    pub email: Email,
    pub invitation: Option<Invitation>,
    pub expires_at: UnixMs,
}

/// A link to be written; the token itself is handed out and never stored.
pub(in crate::domain::access) struct NewLink<'a> {
    pub id: LinkId,
    pub email: &'a Email,
    pub token_sha256: Vec<u8>,
    pub invitation: Option<Invitation>,
    pub created_at: UnixMs,
    pub expires_at: UnixMs,
}

impl Invitation {
    const fn purpose(invitation: Option<&Self>) -> LinkPurpose {
        if invitation.is_some() { LinkPurpose::Join } else { LinkPurpose::PasswordReset }
    }
}

pub(in crate::domain::access) async fn insert_in_tx(
    tx: &Tx,
    link: &NewLink<'_>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO one_time_links (id, purpose, token_sha256, email, workspace_id, role, created_by, created_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let invitation = link.invitation;
    execute_exactly(
        &**tx,
        sql,
        [
            link.id.into(),
            Invitation::purpose(invitation.as_ref()).as_str().into(),
            link.token_sha256.clone().into(),
            link.email.as_str().into(),
            invitation.map(|to| to.workspace_id).into(),
            invitation.map(|to| to.role.as_str()).into(),
            invitation.and_then(|to| to.created_by).into(),
            link.created_at.into(),
            link.expires_at.into(),
        ],
        1,
    )
    .await
}

const COLUMNS: &str = "id, email, workspace_id, role, created_by, expires_at";

fn read(row: &QueryResult) -> Result<Link, DbErr> {
    let workspace_id: Option<WorkspaceId> = row.try_get("", "workspace_id")?;
    let role: Option<Role> = row.try_get("", "role")?;
    let created_by = row.try_get("", "created_by")?;
    Ok(Link {
        id: row.try_get("", "id")?,
        email: Email::stored(row.try_get("", "email")?),
        invitation: workspace_id.zip(role).map(|(workspace_id, role)| Invitation {
            workspace_id,
            role,
            created_by,
        }),
        expires_at: row.try_get("", "expires_at")?,
    })
}

/// Looks at a link without using it.
pub(in crate::domain::access) async fn peek<C: ConnectionTrait>(
    connection: &C,
    purpose: LinkPurpose,
    token_sha256: Vec<u8>,
    now: UnixMs,
) -> Result<Option<Link>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM one_time_links \
         WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3"
    );
    let values = [token_sha256.into(), purpose.as_str().into(), now.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.as_ref().map(read).transpose()
}

/// Uses a link up; of two who try, one gets it.
pub(in crate::domain::access) async fn use_up_in_tx(
    tx: &Tx,
    purpose: LinkPurpose,
    token_sha256: Vec<u8>,
    now: UnixMs,
) -> Result<Option<Link>, DbErr> {
    let sql = format!(
        "UPDATE one_time_links SET used_at = $3 \
         WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 \
         RETURNING {COLUMNS}"
    );
    let values = [token_sha256.into(), purpose.as_str().into(), now.into()];
    let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    row.as_ref().map(read).transpose()
}

/// Makes every unused reset link of an address worthless.
pub(in crate::domain::access) async fn revoke_resets_in_tx(
    tx: &Tx,
    email: &Email,
    now: UnixMs,
) -> Result<u64, DbErr> {
    let sql = "UPDATE one_time_links SET used_at = $3 \
               WHERE email = $1 AND purpose = $2 AND used_at IS NULL";
    let purpose = LinkPurpose::PasswordReset.as_str();
    execute(&**tx, sql, [email.as_str().into(), purpose.into(), now.into()]).await
}

/// Drops links that ended before `before`.
pub(in crate::domain::access) async fn forget_in_tx(tx: &Tx, before: UnixMs) -> Result<u64, DbErr> {
    let sql = "DELETE FROM one_time_links WHERE expires_at < $1";
    execute(&**tx, sql, [before.into()]).await
}
