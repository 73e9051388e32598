//! What the check found, in words.

use std::fmt;

/// Breaks that are listed in full; the rest is counted.
pub const MAX_LISTED: usize = 100_000;

macro_rules! codes {
    ($($variant:ident = $text:literal, $words:literal;)*) => {
        /// What disagrees. The text form is stable: names are never reused or renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $words] $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What it means.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

codes! {
    WseqGap = "WSEQ_GAP", "the wallet's ledger rows are not numbered without gaps";
    WseqHead = "WSEQ_HEAD", "the wallet's newest number is not the ledger's";
    RunningBalance = "RUNNING_BALANCE", "a ledger row's running balances (available/held) are not the replay's";
    WalletAvailable = "WALLET_AVAILABLE", "the wallet's available credits are not what its transfers give";
    WalletHeld = "WALLET_HELD", "the wallet's held credits are not what its transfers give";
    WalletDebt = "WALLET_DEBT", "the wallet's debt is not what its transfers give";
    BalanceNegative = "BALANCE_NEGATIVE", "a balance (available/held/debt) was negative after this transfer";
    TransferShape = "TRANSFER_SHAPE", "a transfer's accounts do not fit its kind";
    LedgerOrphan = "LEDGER_ORPHAN", "transfers of a wallet that does not exist";
    LedgerForeign = "LEDGER_FOREIGN", "transfers that name a lot or a hold that is not the wallet's";
    LotsAvailable = "LOTS_AVAILABLE", "the lots' remaining credits do not add up to the wallet's available ones";
    LotsHeld = "LOTS_HELD", "the lots' held credits do not add up to the wallet's";
    SharesHeld = "SHARES_HELD", "the open shares do not add up to the wallet's held credits";
    NextExpiry = "NEXT_EXPIRY", "the wallet expects its next expiry later than its lots do";
    LotSum = "LOT_SUM", "a lot's parts do not add up to what was granted";
    LotReplay = "LOT_REPLAY", "a lot (granted/remaining/held/consumed/expired/clawed) is not what its transfers give";
    LotParts = "LOT_PARTS", "a lot's held credits are not what open holds have from it";
    HoldShares = "HOLD_SHARES", "a hold (amount/captured/released) is not the sum of its shares";
    HoldParts = "HOLD_PARTS", "a hold (amount/captured/released) is not the sum of its lots";
    HoldClosed = "HOLD_CLOSED", "a hold is closed with credits open, or open with none";
    HoldBatch = "HOLD_BATCH", "a hold's batch does not exist or is paid from another wallet";
    ModeMixed = "MODE_MIXED", "a batch is paid from a wallet of another mode or workspace";
    PartReplay = "PART_REPLAY", "a hold's part of a lot (amount/captured/released) is not what its transfers give";
    ShareReplay = "SHARE_REPLAY", "a share (captured/released) is not what its transfers give";
    ShareMissing = "SHARE_MISSING", "transfers of a share that does not exist";
    SharePrice = "SHARE_PRICE", "a share is not the price of its batch";
    ShareVideo = "SHARE_VIDEO", "a share's video does not exist in the hold's batch";
    OpenShareOnEndedVideo = "OPEN_SHARE_ON_ENDED_VIDEO", "a video that has ended still has an open share";
    NoShareForOpenVideo = "NO_SHARE_FOR_OPEN_VIDEO", "a video under way has no open share";
    BatchCaptured = "BATCH_CAPTURED", "a batch's captures are not its price times its delivered videos";
    BatchCounts = "BATCH_COUNTS", "a batch's counts (total/delivered/failed/cancelled) are not its videos'";
    BatchQuote = "BATCH_QUOTE", "a batch (mode/price/videos) is not what was quoted";
    BatchState = "BATCH_STATE", "a batch's state, or whether it is settled, is not what its counts give";
    DeliveredWithoutCapture = "DELIVERED_WITHOUT_CAPTURE", "a delivered video was not charged";
    CaptureWithoutDelivery = "CAPTURE_WITHOUT_DELIVERY", "a video was charged and is not delivered";
    DeliveredWithoutAsset = "DELIVERED_WITHOUT_ASSET", "a delivered video has no asset";
    AssetWithoutDelivery = "ASSET_WITHOUT_DELIVERY", "an asset's video is not delivered";
    ObjectMissing = "OBJECT_MISSING", "an asset's object is not in the store";
    ObjectLength = "OBJECT_LENGTH", "an asset's object has another length";
    ObjectSha256 = "OBJECT_SHA256", "an asset's object has other bytes";
}

/// One disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Which comparison.
    pub code: Code,
    /// The rows involved, by id.
    pub subject: String,
    /// What the records beside it say.
    pub expected: String,
    /// What is stored there.
    pub found: String,
}

/// All that was compared and all that disagrees.
#[derive(Clone, Debug, Default)]
pub struct Report {
    breaks: Vec<Break>,
    unlisted: u64,
    wallets: u64,
    transfers: u64,
    objects: u64,
}

impl Report {
    /// True when every comparison agrees.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.breaks.is_empty()
    }

    /// The disagreements, at most [`MAX_LISTED`].
    #[must_use]
    pub fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    pub(super) fn add(&mut self, found: Break) {
        if self.breaks.len() < MAX_LISTED {
            self.breaks.push(found);
        } else {
            self.unlisted = self.unlisted.saturating_add(1);
        }
    }

    pub(super) const fn count_wallet(&mut self) {
        self.wallets = self.wallets.saturating_add(1);
    }

    pub(super) const fn count_transfer(&mut self) {
        self.transfers = self.transfers.saturating_add(1);
    }

    pub(super) const fn count_object(&mut self) {
        self.objects = self.objects.saturating_add(1);
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, words) = (self.code.as_str(), self.code.words());
        write!(f, "{code} {}: {words}: ", self.subject)?;
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for found in &self.breaks {
            writeln!(f, "{found}")?;
        }
        if self.unlisted > 0 {
            writeln!(f, "… and {} more that are not listed.", self.unlisted)?;
        }
        let Self { wallets, transfers, objects, .. } = self;
        write!(
            f,
            "{wallets} wallet(s), {transfers} ledger row(s), {objects} object(s) compared: "
        )?;
        if self.is_sound() {
            write!(f, "the books are sound.")
        } else {
            let count = u64::try_from(self.breaks.len()).unwrap_or(u64::MAX);
            write!(f, "{} BREAK(S).", count.saturating_add(self.unlisted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_have_words() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| !code.words().is_empty()));
    }

    #[test]
    fn a_report_says_so_in_words() {
        let mut report = Report::default();
        report.count_wallet();
        assert!(report.is_sound());
        assert_eq!(
            report.to_string(),
            "1 wallet(s), 0 ledger row(s), 0 object(s) compared: the books are sound."
        );
        report.add(Break {
            code: Code::WseqGap,
            subject: String::from("wal_1"),
            expected: String::from("3"),
            found: String::from("4"),
        });
        assert!(!report.is_sound());
        assert!(report.to_string().starts_with("WSEQ_GAP wal_1: the wallet's ledger rows are not"));
        assert!(report.to_string().ends_with("1 BREAK(S)."));
    }
}
