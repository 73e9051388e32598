//! What people did to a batch, and to the links that show it: the rows of the audit log that are
//! about it, as deeds with the credits they moved.
//!
//! Deliberately absent: what the line does to single videos (its attempts and the ledger have that).

use entity::ids::{AuditId, BatchId, ShareId};
use entity::values::UnixMs;

use super::{Collect, Error, repo};
use crate::domain::access::{Action, Scope};
use crate::kernel::page::{Page, PageArgs};

/// Share links of a batch whose deeds are shown, newest first.
const MOST_SHARES: u64 = 500;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedKind {
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

impl DeedKind {
    /// The audit log's word for it, and the kind.
    const TABLE: [(&'static str, Self); 11] = [
        ("batch.launch", Self::Launched),
        ("batch.pause", Self::Paused),
        ("batch.stop_loss", Self::StoppedByLoss),
        ("batch.resume", Self::Resumed),
        ("batch.approve", Self::Approved),
        ("batch.decline", Self::Declined),
        ("batch.cancel", Self::Cancelled),
        ("batch.overdue", Self::ClosedOverdue),
        ("batch.retry", Self::Retried),
        ("share.create", Self::Shared),
        ("share.revoke", Self::Unshared),
    ];

    fn of(action: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(word, _)| *word == action).map(|(_, kind)| *kind)
    }
}

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchDeed {
    /// Which row of the audit log.
    pub id: AuditId,
    /// What.
    pub kind: DeedKind,
    /// `usr_…`, `operator:usr_…`, `cli` or `system`.
    pub actor: String,
    /// When.
    pub at: UnixMs,
    /// Videos it was about.
    pub videos: Option<i64>,
    /// Credits it froze.
    pub frozen: Option<i64>,
    /// Credits it gave back.
    pub released: Option<i64>,
    /// Credits that stayed frozen.
    pub held: Option<i64>,
    /// The link it was about.
    pub share: Option<ShareId>,
}

impl BatchDeed {
    fn of(row: entity::audit::Model) -> Option<Self> {
        let kind = DeedKind::of(&row.action)?;
        let number = |names: &[&str]| names.iter().find_map(|name| row.detail.get(name)?.as_i64());
        Some(Self {
            id: row.id,
            kind,
            at: row.at,
            videos: number(&["videos", "cancelled"]),
            frozen: number(&["credits"]),
            released: number(&["released"]),
            held: number(&["held"]),
            share: row.subject.parse().ok(),
            actor: row.actor,
        })
    }
}

impl Collect {
    /// What was done to a batch, newest first, for roles that see prices; what was done with links
    /// to it for roles that may make them. The cursor's key is the id.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::InvalidCursor`].
    pub async fn trail(
        &self,
        scope: &Scope,
        (batch_id, page): (BatchId, &PageArgs),
    ) -> Result<Page<BatchDeed>, Error> {
        if !scope.may(Action::ReadMoney) && !scope.caller().actor.is_operator() {
            return Err(Error::Forbidden);
        }
        let db = &self.parts.db;
        let whose = (scope.workspace_id(), batch_id);
        repo::batch(db, whose).await?.ok_or(Error::NotFound)?;
        let after = page.after.as_deref().map(str::parse::<AuditId>).transpose();
        let slice = (after.map_err(|_| Error::InvalidCursor)?, page.fetch());
        let mut subjects = vec![batch_id.to_string()];
        if scope.may(Action::Share) {
            let whose = (scope.workspace_id(), Some(batch_id));
            let shares = repo::shares(db, whose, (None, MOST_SHARES)).await?;
            subjects.extend(shares.iter().map(|share| share.id.to_string()));
        }
        let kinds = DeedKind::TABLE.map(|(word, _)| word);
        let rows = repo::deeds(db, (scope.workspace_id(), subjects), (&kinds, slice)).await?;
        Ok(page.cut(rows.into_iter().filter_map(BatchDeed::of).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_word() {
        for (place, (word, kind)) in DeedKind::TABLE.iter().enumerate() {
            assert_eq!(DeedKind::of(word), Some(*kind));
            assert!(!DeedKind::TABLE[..place].iter().any(|(other, _)| other == word), "{word}");
        }
        assert_eq!(DeedKind::of("batch.else"), None);
    }
}
