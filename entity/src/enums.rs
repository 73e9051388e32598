//! Words that are stored: each enum is a text column with a CHECK of the same words in the schema.

use sea_orm::{DeriveActiveEnum, EnumIter};

macro_rules! stored {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $text)] $variant,)*
        }

        impl $name {
            /// The stored word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(UnknownWord) }
            }
        }
    )*};
}

/// A text that is none of an enum's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

stored! {
    /// What a member may do; ordered from least to most.
    Role {
        /// Reads batches and files.
        Viewer = "VIEWER",
        /// Also templates, quotes, launches, cancel; sees prices and the ledger.
        Producer = "PRODUCER",
        /// Also members below owner.
        Admin = "ADMIN",
        /// Also wallet, plan, owners, deletion.
        Owner = "OWNER",
    }
    /// What a one-time link does.
    LinkPurpose {
        /// Sets a new password.
        PasswordReset = "PASSWORD_RESET",
        /// Joins a workspace.
        Join = "JOIN",
    }
    /// Live and test credits never meet.
    Mode {
        /// Real credits.
        Live = "LIVE",
        /// Play credits.
        Test = "TEST",
    }
    /// Lines of a video.
    Resolution {
        /// 360 lines on the short side.
        P360 = "360p",
        /// 720 lines on the short side.
        P720 = "720p",
    }
    /// Shape of a video.
    Aspect {
        /// 16:9.
        Wide = "16:9",
        /// 9:16.
        Tall = "9:16",
        /// 1:1.
        Square = "1:1",
    }
    /// Where a lot came from.
    LotSource {
        /// Sign-up.
        Trial = "TRIAL",
        /// Given away.
        Promo = "PROMO",
        /// Part of a plan's period.
        Subscription = "SUBSCRIPTION",
        /// Bought.
        Purchase = "PURCHASE",
        /// Set right by an operator.
        Adjustment = "ADJUSTMENT",
        /// Released from a lot that had expired meanwhile.
        Grace = "GRACE",
    }
    /// State of a share.
    ShareState {
        /// Frozen.
        Open = "OPEN",
        /// Charged.
        Captured = "CAPTURED",
        /// Given back.
        Released = "RELEASED",
    }
    /// What a transfer records.
    TransferKind {
        /// Credits came in.
        Grant = "GRANT",
        /// Available → held.
        Freeze = "FREEZE",
        /// Held → revenue.
        Capture = "CAPTURE",
        /// Held → available.
        Release = "RELEASE",
        /// Credits lapsed.
        Expire = "EXPIRE",
        /// An operator's correction.
        Adjust = "ADJUST",
        /// Debt made or paid.
        Debt = "DEBT",
    }
    /// Accounts of the ledger; the first three are the wallet's own.
    Account {
        /// Can be spent.
        Available = "AVAILABLE",
        /// Frozen.
        Held = "HELD",
        /// Owed.
        Debt = "DEBT",
        /// Where grants come from.
        Issued = "ISSUED",
        /// Where captures go.
        Revenue = "REVENUE",
        /// Where lapsed credits go.
        Breakage = "BREAKAGE",
        /// Where corrections come from and go to.
        Adjustment = "ADJUSTMENT",
    }
    /// Order inside a lane.
    Priority {
        /// Single videos and small batches.
        Interactive = "INTERACTIVE",
        /// The rest.
        Bulk = "BULK",
    }
    /// Whether a batch's videos may be claimed.
    Gate {
        /// Yes.
        Open = "OPEN",
        /// Only the pilot videos.
        Pilot = "PILOT",
        /// No, for now.
        Paused = "PAUSED",
        /// No, for good.
        Closed = "CLOSED",
    }
    /// Why a gate is PAUSED or CLOSED.
    GateReason {
        /// Somebody paused it.
        Person = "PERSON",
        /// Too many of its videos failed.
        StopLoss = "STOP_LOSS",
        /// Somebody cancelled it.
        Cancelled = "CANCELLED",
        /// Its pilot was declined.
        Declined = "DECLINED",
        /// Nobody decided in time.
        Overdue = "OVERDUE",
    }
    /// State of a batch, always derived from its counts.
    BatchState {
        /// Nothing claimed yet.
        Queued = "QUEUED",
        /// Under way, nothing delivered yet.
        Processing = "PROCESSING",
        /// Some delivered.
        Partial = "PARTIAL",
        /// All delivered.
        Completed = "COMPLETED",
        /// Ended by request, nothing delivered.
        Cancelled = "CANCELLED",
        /// Ended, nothing delivered.
        Failed = "FAILED",
    }
    /// State of a video.
    VideoState {
        /// Waiting for a worker.
        Queued = "QUEUED",
        /// Reference committed, call under way.
        Submitting = "SUBMITTING",
        /// At the provider, job id committed.
        Rendering = "RENDERING",
        /// File is being brought into the store.
        Storing = "STORING",
        /// In the store, charged.
        Delivered = "DELIVERED",
        /// Ended without a file, not charged.
        Failed = "FAILED",
        /// Ended by request, not charged.
        Cancelled = "CANCELLED",
        /// May have been submitted; being reconciled.
        OutcomeUnknown = "OUTCOME_UNKNOWN",
    }
    /// How an attempt ended.
    AttemptOutcome {
        /// Its file was delivered.
        Delivered = "DELIVERED",
        /// The provider refused or failed.
        Failed = "FAILED",
        /// Throttled, transient or expired: another attempt may follow.
        Retryable = "RETRYABLE",
        /// Ended with the process that ran it.
        Lost = "LOST",
        /// Stopped on request.
        Stopped = "STOPPED",
    }
    /// What a member thinks of a video.
    Mark {
        /// To be used.
        Keep = "KEEP",
        /// Not to be used.
        Reject = "REJECT",
    }
    /// What happened with a link to an asset.
    AccessKind {
        /// Handed out.
        LinkIssued = "LINK_ISSUED",
        /// Used.
        Fetched = "FETCHED",
        /// Used after its end, or damaged.
        Refused = "REFUSED",
    }
}

impl VideoState {
    /// No further edge leaves a terminal state.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled)
    }
}
