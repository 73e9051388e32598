//! `users`

use entity::ids::UserId;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::db::bulk::Rows;
use crate::db::dialect::{self, execute, execute_exactly, statement};
use crate::db::{Tx, failure};
use crate::domain::access::error::Error;
use crate::domain::access::model::Email;
use crate::domain::access::people::User;
use crate::kernel::language::Language;

const COLUMNS: &str = "id, email, display_name, locale, is_operator, created_at, disabled_at";

/// What sign-in compares with.
pub(in crate::domain::access) struct Credentials {
    pub user: User,
    pub password_hash: String,
}

fn read(row: &QueryResult) -> Result<User, DbErr> {
    let locale: String = row.try_get("", "locale")?;
    let disabled_at: Option<UnixMs> = row.try_get("", "disabled_at")?;
    Ok(User {
        id: row.try_get("", "id")?,
        email: Email::stored(row.try_get("", "email")?),
        display_name: row.try_get("", "display_name")?,
        language: Language::from_header(&locale),
        is_operator: row.try_get("", "is_operator")?,
        is_disabled: disabled_at.is_some(),
        created_at: row.try_get("", "created_at")?,
    })
}

pub(in crate::domain::access) async fn by_id<C: ConnectionTrait>(
    connection: &C,
    id: UserId,
) -> Result<Option<User>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = connection.query_one_raw(statement(connection, sql, [id.into()])).await?;
    row.as_ref().map(read).transpose()
}

pub(in crate::domain::access) async fn names<C: ConnectionTrait>(
    connection: &C,
    ids: &[UserId],
) -> Result<Vec<(UserId, String)>, DbErr> {
    let mut values = Vec::new();
    let ids = Rows::new().ids("id", ids.iter().map(|id| id.0).collect());
    let source = ids.source(connection.get_database_backend(), &mut values);
    let sql = format!("SELECT u.id, u.display_name FROM {source} JOIN users AS u ON u.id = r.id");
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "display_name")?))).collect()
}

/// `email` in its normal form; not necessarily an address.
pub(in crate::domain::access) async fn by_email<C: ConnectionTrait>(
    connection: &C,
    email: &str,
) -> Result<Option<Credentials>, DbErr> {
    let sql = format!("SELECT {COLUMNS}, password_hash FROM users WHERE email = $1");
    let row = connection.query_one_raw(statement(connection, sql, [email.into()])).await?;
    row.map(|row| {
        Ok(Credentials { user: read(&row)?, password_hash: row.try_get("", "password_hash")? })
    })
    .transpose()
}

/// The unique index on the address decides who was first.
pub(in crate::domain::access) async fn insert_in_tx(
    tx: &Tx,
    user: &User,
    password_hash: &str,
) -> Result<(), Error> {
    let inserted = execute(
        &**tx,
        "INSERT INTO users (id, email, password_hash, display_name, locale, is_operator, access_epoch, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        [
            user.id.into(),
            user.email.as_str().into(),
            password_hash.into(),
            user.display_name.clone().into(),
            user.language.tag().into(),
            user.is_operator.into(),
            user.created_at.into(),
        ],
    )
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if failure::is_unique_violation(&error) => Err(Error::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

/// True while the account may sign in with this stored hash; nobody changes that before the
/// transaction ends.
pub(in crate::domain::access) async fn holds_password_in_tx(
    tx: &Tx,
    id: UserId,
    password_hash: &str,
) -> Result<bool, DbErr> {
    let lock = dialect::for_no_key_update(tx.get_database_backend());
    let sql = format!(
        "SELECT id FROM users WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL{lock}"
    );
    let found = tx.query_one_raw(statement(&**tx, sql, [id.into(), password_hash.into()])).await?;
    Ok(found.is_some())
}

pub(in crate::domain::access) async fn set_password_in_tx(
    tx: &Tx,
    id: UserId,
    password_hash: &str,
) -> Result<(), DbErr> {
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
    execute_exactly(&**tx, sql, [id.into(), password_hash.into()], 1).await
}

pub(in crate::domain::access) async fn set_operator_in_tx(
    tx: &Tx,
    id: UserId,
    on: bool,
) -> Result<(), DbErr> {
    let sql = "UPDATE users SET is_operator = $2 WHERE id = $1";
    execute_exactly(&**tx, sql, [id.into(), on.into()], 1).await
}

pub(in crate::domain::access) async fn set_disabled_in_tx(
    tx: &Tx,
    id: UserId,
    disabled_at: Option<UnixMs>,
) -> Result<(), DbErr> {
    let sql = "UPDATE users SET disabled_at = $2 WHERE id = $1";
    execute_exactly(&**tx, sql, [id.into(), disabled_at.into()], 1).await
}

/// What the user may do has changed: open sockets of an older epoch are checked again.
pub(in crate::domain::access) async fn bump_epoch_in_tx(tx: &Tx, id: UserId) -> Result<i64, DbErr> {
    let sql =
        "UPDATE users SET access_epoch = access_epoch + 1 WHERE id = $1 RETURNING access_epoch";
    let row = tx.query_one_raw(statement(&**tx, sql, [id.into()])).await?;
    row.ok_or(DbErr::RecordNotUpdated)?.try_get("", "access_epoch")
}

pub(in crate::domain::access) async fn epoch<C: ConnectionTrait>(
    connection: &C,
    id: UserId,
) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT access_epoch FROM users WHERE id = $1 AND disabled_at IS NULL";
    let row = connection.query_one_raw(statement(connection, sql, [id.into()])).await?;
    row.map(|row| row.try_get("", "access_epoch")).transpose()
}
