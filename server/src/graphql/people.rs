//! People as other members see them.

use async_graphql::{Context, ID, Object};
use entity::ids::UserId;

use super::call::ContextExt as _;
use super::error::Answer;
use super::loaders::NameOf;
use super::page::Wanted;
use crate::domain::access::Scope;

/// Somebody who made something.
pub struct Person {
    id: UserId,
    name: String,
}

/// Somebody who made something.
#[Object]
impl Person {
    /// Opaque id, `usr_…`.
    async fn id(&self) -> ID {
        self.id.into()
    }
    /// Shown to other members.
    async fn display_name(&self) -> &str {
        &self.name
    }
}

impl Person {
    /// Reads who made something of a workspace.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn load(ctx: &Context<'_>, scope: &Scope, id: UserId) -> Answer<Option<Self>> {
        let name = ctx.call()?.loaders().one(NameOf(scope.workspace_id(), id)).await?;
        Ok(name.map(|name| Self { id, name }))
    }
}

/// Reads ahead who made the rows of a page, when that is asked for.
///
/// # Errors
/// The database's failure.
pub async fn warm(
    ctx: &Context<'_>,
    scope: &Scope,
    makers: impl Iterator<Item = UserId> + Send,
) -> Answer<()> {
    warm_as(ctx, scope, ("createdBy", makers)).await
}

/// Reads ahead the people of one field of the rows of a page, when that is asked for.
///
/// # Errors
/// The database's failure.
pub async fn warm_as(
    ctx: &Context<'_>,
    scope: &Scope,
    (field, people): (&str, impl Iterator<Item = UserId> + Send),
) -> Answer<()> {
    if Wanted::of(ctx).has(&[field]) {
        let keys: Vec<NameOf> = people.map(|id| NameOf(scope.workspace_id(), id)).collect();
        ctx.call()?.loaders().many(keys).await?;
    }
    Ok(())
}
