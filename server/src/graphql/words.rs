//! Stored words as enums of the schema. Each is `remote`, so that a new variant of a stored enum
//! breaks this build instead of a client.

use async_graphql::Enum;

macro_rules! words {
    ($($(#[doc = $doc:literal])* $name:ident as $shown:literal = $remote:literal {
        $($(#[doc = $vdoc:literal])* $variant:ident,)*
    })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        #[graphql(name = $shown, remote = $remote)]
        pub enum $name { $($(#[doc = $vdoc])* $variant,)* }
    )*};
}

words! {
    /// What a member may do; each role may also do what the ones before it may.
    RoleWord as "Role" = "entity::enums::Role" {
        /// Reads batches and files.
        Viewer,
        /// Also templates, quotes, launches, cancel; sees prices and the ledger.
        Producer,
        /// Also members below owner.
        Admin,
        /// Also wallet, plan, owners, deletion.
        Owner,
    }
    /// Live and test credits never meet.
    ModeWord as "Mode" = "entity::enums::Mode" {
        /// Real credits.
        Live,
        /// Play credits.
        Test,
    }
    /// Lines of a video.
    ResolutionWord as "Resolution" = "entity::enums::Resolution" {
        /// 360 lines on the short side.
        P360,
        /// 720 lines on the short side.
        P720,
    }
    /// Shape of a video.
    AspectWord as "Aspect" = "entity::enums::Aspect" {
        /// 16:9.
        Wide,
        /// 9:16.
        Tall,
        /// 1:1.
        Square,
    }
    /// Where a lot came from.
    LotSourceWord as "LotSource" = "entity::enums::LotSource" {
        /// Sign-up.
        Trial,
        /// Given away.
        Promo,
        /// Part of a plan's period.
        Subscription,
        /// Bought.
        Purchase,
        /// Set right by an operator.
        Adjustment,
        /// Released from a lot that had expired meanwhile.
        Grace,
    }
    /// What a transfer records.
    TransferKindWord as "TransferKind" = "entity::enums::TransferKind" {
        /// Credits came in.
        Grant,
        /// Available to held.
        Freeze,
        /// Held to revenue: a delivered video was charged.
        Capture,
        /// Held to available.
        Release,
        /// Credits lapsed.
        Expire,
        /// An operator's correction.
        Adjust,
        /// Debt made or paid.
        Debt,
    }
    /// What a ledger row records, more closely than its kind.
    LedgerEventWord as "LedgerEvent" = "crate::domain::wallet::LedgerEvent" {
        /// At sign-up.
        TrialGranted,
        /// By a voucher.
        VoucherRedeemed,
        /// By the operator, a purchase or a subscription.
        Granted,
        /// Given back from a lot that had expired, for some days.
        GraceGranted,
        /// Set aside for a batch.
        Frozen,
        /// For a delivered video.
        Charged,
        /// Not delivered.
        Returned,
        /// Lapsed.
        Expired,
        /// Given back from a lot that had expired meanwhile.
        ExpiredOnReturn,
        /// Set right upwards.
        AdjustedUp,
        /// Set right downwards.
        AdjustedDown,
        /// There was not enough to take back.
        DebtMade,
        /// Paid from a grant.
        DebtPaid,
    }
    /// Accounts of the ledger; the first three are the wallet's own.
    AccountWord as "Account" = "entity::enums::Account" {
        /// Can be spent.
        Available,
        /// Frozen.
        Held,
        /// Owed.
        Debt,
        /// Where grants come from.
        Issued,
        /// Where captures go.
        Revenue,
        /// Where lapsed credits go.
        Breakage,
        /// Where corrections come from and go to.
        Adjustment,
    }
    /// Whether a batch's videos may be made.
    GateWord as "Gate" = "entity::enums::Gate" {
        /// Yes.
        Open,
        /// Only the pilot videos.
        Pilot,
        /// No, for now.
        Paused,
        /// No, for good.
        Closed,
    }
    /// Why a batch is paused or closed.
    GateReasonWord as "GateReason" = "entity::enums::GateReason" {
        /// Somebody paused it.
        Person,
        /// Too many of its videos failed.
        StopLoss,
        /// Somebody cancelled it.
        Cancelled,
        /// Its pilot was declined.
        Declined,
        /// Nobody decided in time.
        Overdue,
    }
    /// State of a batch, derived from its counts.
    BatchStateWord as "BatchState" = "entity::enums::BatchState" {
        /// Nothing begun yet.
        Queued,
        /// Under way, nothing delivered yet.
        Processing,
        /// Some delivered.
        Partial,
        /// All delivered.
        Completed,
        /// Ended by request, nothing delivered.
        Cancelled,
        /// Ended, nothing delivered.
        Failed,
    }
    /// State of a video.
    VideoStateWord as "VideoState" = "entity::enums::VideoState" {
        /// Waits for its turn.
        Queued,
        /// On its way to the provider.
        Submitting,
        /// Being made.
        Rendering,
        /// Being brought into the store.
        Storing,
        /// In the store, charged.
        Delivered,
        /// Ended without a file, not charged.
        Failed,
        /// Ended by request, not charged.
        Cancelled,
        /// May have been submitted; being reconciled.
        OutcomeUnknown,
    }
}
