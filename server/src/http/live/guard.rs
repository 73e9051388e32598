//! Whether a live connection may go on.

use std::sync::Arc;

use super::sessions::{Standing, Watch};
use crate::domain::access::{Access, Action, Caller};
use crate::graphql::{Follows, Rights};
use crate::kernel::error::{ApiError, ErrorCode};

/// Why a connection must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum End {
    /// Its session has ended, or its user's rights in what it follows have changed.
    Forbidden,
    /// Nobody can tell: the database has not answered for a while.
    Broken,
}

/// Watches over one connection.
pub(in crate::http) struct Guard {
    access: Access,
    /// Whose connection it is.
    pub caller: Caller,
    /// What it follows.
    pub follows: Arc<Follows>,
    watch: Option<Watch>,
    /// Something changed and what it means has not been found out.
    doubtful: bool,
}

impl Guard {
    /// Over a connection of a stranger.
    pub fn new(access: Access, caller: Caller) -> Self {
        Self { access, caller, follows: Arc::default(), watch: None, doubtful: false }
    }

    /// The connection's session is watched from now on.
    pub fn watch(&mut self, watch: Option<Watch>) {
        self.watch = watch;
    }

    /// Waits until the connection must end. May be dropped and asked again at any time.
    pub async fn ended(&mut self) -> End {
        loop {
            if !self.doubtful {
                let Some(watch) = &mut self.watch else { return std::future::pending().await };
                if watch.changed().await.is_err() {
                    return End::Broken;
                }
                self.doubtful = true;
            }
            if let Some(end) = self.verdict().await {
                return end;
            }
            self.doubtful = false;
        }
    }

    async fn verdict(&mut self) -> Option<End> {
        let standing = self.watch.as_mut().map(|watch| watch.borrow_and_update().clone());
        match standing {
            None => None,
            Some(Standing::Ended) => Some(End::Forbidden),
            Some(Standing::Unknown) => Some(End::Broken),
            Some(Standing::Lives(actor)) if actor == self.caller.actor => None,
            Some(Standing::Lives(actor)) => {
                let caller = Caller { actor, ..self.caller.clone() };
                // Boxed: it is rare, and every open connection would carry the room for it.
                let end = Box::pin(self.rights_changed(&caller)).await;
                self.caller = caller;
                end
            }
        }
    }

    async fn rights_changed(&self, caller: &Caller) -> Option<End> {
        for (workspace, rights) in self.follows.all() {
            match self.access.authorise(caller, workspace, Action::Read).await {
                Ok(scope) if Rights::from(&scope) == rights => {}
                Ok(_) => return Some(End::Forbidden),
                Err(error) => {
                    let internal = ApiError::from(error).code() == ErrorCode::Internal;
                    return Some(if internal { End::Broken } else { End::Forbidden });
                }
            }
        }
        None
    }
}
