//! What was done to a batch.

use async_graphql::{Context, Enum, ID, Object};
use entity::ids::UserId;

use super::error::Answer;
use super::people::Person;
use super::scalars::{DateTime, Long, int};
use crate::domain::access::Scope;
use crate::domain::collect::BatchDeed;

/// What was done to a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "BatchDeedKind", remote = "crate::domain::collect::DeedKind")]
pub enum DeedKindWord {
    /// It began.
    Launched,
    /// Begins nothing more for now.
    Paused,
    /// The server paused it: too many videos failed.
    StoppedByLoss,
    /// Goes on.
    Resumed,
    /// The rest follows the pilot.
    Approved,
    /// Ended after its pilot.
    Declined,
    /// Ended by request.
    Cancelled,
    /// Nobody decided in time.
    ClosedOverdue,
    /// Its failed videos are tried again.
    Retried,
    /// A link shows it to others.
    Shared,
    /// Such a link was withdrawn.
    Unshared,
}

/// Somebody did something to a batch.
pub struct BatchDeedShown {
    /// Where it was read.
    pub scope: Scope,
    /// What was read.
    pub row: BatchDeed,
}

/// Somebody did something to a batch.
#[Object(name = "BatchDeed")]
impl BatchDeedShown {
    /// Opaque id, `aud_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// What.
    async fn kind(&self) -> DeedKindWord {
        self.row.kind.into()
    }
    /// Who; null where the server or an operator did it.
    async fn by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        match doer(&self.row) {
            Some(user) => Person::load(ctx, &self.scope, user).await,
            None => Ok(None),
        }
    }
    /// `usr_…`, `operator:usr_…`, `cli` or `system`.
    async fn actor(&self) -> &str {
        &self.row.actor
    }
    /// When.
    async fn at(&self) -> DateTime {
        self.row.at.into()
    }
    /// Videos it was about.
    async fn videos(&self) -> Option<i32> {
        self.row.videos.map(int)
    }
    /// Credits it froze.
    async fn frozen_credits(&self) -> Option<Long> {
        self.row.frozen.map(Long)
    }
    /// Credits it gave back.
    async fn released_credits(&self) -> Option<Long> {
        self.row.released.map(Long)
    }
    /// Credits that stayed frozen.
    async fn held_credits(&self) -> Option<Long> {
        self.row.held.map(Long)
    }
    /// The link it was about.
    async fn share_id(&self) -> Option<ID> {
        self.row.share.map(Into::into)
    }
}

/// The member who did it.
#[must_use]
pub fn doer(row: &BatchDeed) -> Option<UserId> {
    row.actor.parse().ok()
}
