//! What a ledger row records, as a closed list with words in both languages.
//!
//! A row is never rewritten, so its event is read from what is stored: kind, accounts, and the
//! marks that the server itself leaves in `reason`. What a person wrote there is a note.

use entity::credit_ledger::Model as Transfer;
use entity::enums::{Account, TransferKind};

use crate::kernel::language::Language;

/// Left in `reason` by a sign-up.
pub const TRIAL: &str = "trial at sign-up";
/// Left in `reason` by a voucher.
pub const VOUCHER: &str = "voucher";

macro_rules! events {
    ($($variant:ident = $text:literal, $en:literal, $zh:literal;)*) => {
        /// What a ledger row records. The text form is API: names are never reused or renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum LedgerEvent { $(#[doc = $en] $variant,)* }

        impl LedgerEvent {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The form files show.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The words a person reads.
            #[must_use]
            pub const fn words(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Zh) => $zh,)*
                }
            }
        }
    };
}

events! {
    TrialGranted = "TRIAL_GRANTED", "Trial credits", "试用积分";
    VoucherRedeemed = "VOUCHER_REDEEMED", "Voucher redeemed", "兑换码入账";
    Granted = "GRANTED", "Credits added", "积分入账";
    GraceGranted = "GRACE_GRANTED", "Expired credits given back for some days", "退回的过期积分宽限数日";
    Frozen = "FROZEN", "Frozen for a batch", "批次冻结";
    Charged = "CHARGED", "Charged for a delivered video", "视频交付扣费";
    Returned = "RETURNED", "Given back: not delivered", "未交付退回";
    Expired = "EXPIRED", "Credits expired", "积分过期";
    ExpiredOnReturn = "EXPIRED_ON_RETURN", "Credits expired while frozen", "积分在冻结期间过期";
    AdjustedUp = "ADJUSTED_UP", "Corrected upwards", "调增";
    AdjustedDown = "ADJUSTED_DOWN", "Corrected downwards", "调减";
    DebtMade = "DEBT_MADE", "Owed: there was not enough to take back", "余额不足转为欠款";
    DebtPaid = "DEBT_PAID", "Debt paid", "偿还欠款";
}

impl LedgerEvent {
    /// What this row records.
    #[must_use]
    pub fn of(row: &Transfer) -> Self {
        let by_a_member = row.actor.starts_with("usr_");
        match row.kind {
            TransferKind::Grant if row.hold_id.is_some() => Self::GraceGranted,
            TransferKind::Grant if by_a_member && row.reason == TRIAL => Self::TrialGranted,
            TransferKind::Grant if by_a_member && row.reason == VOUCHER => Self::VoucherRedeemed,
            TransferKind::Grant => Self::Granted,
            TransferKind::Freeze => Self::Frozen,
            TransferKind::Capture => Self::Charged,
            TransferKind::Release => Self::Returned,
            TransferKind::Expire if row.debit_account == Account::Held => Self::ExpiredOnReturn,
            TransferKind::Expire => Self::Expired,
            TransferKind::Adjust if row.credit_account == Account::Available => Self::AdjustedUp,
            TransferKind::Adjust => Self::AdjustedDown,
            TransferKind::Debt if row.debit_account == Account::Debt => Self::DebtMade,
            TransferKind::Debt => Self::DebtPaid,
        }
    }
}

/// What a person wrote into the row; nothing where the reason is a mark of the server's own.
#[must_use]
pub fn note(row: &Transfer) -> Option<&str> {
    let own =
        matches!(LedgerEvent::of(row), LedgerEvent::TrialGranted | LedgerEvent::VoucherRedeemed);
    let mark = row.actor.starts_with("usr_") && [TRIAL, VOUCHER].contains(&row.reason.as_str());
    (!own && !mark && !row.reason.is_empty()).then_some(row.reason.as_str())
}

/// How a row moved what is available and what is frozen.
#[must_use]
pub fn moved(row: &Transfer) -> (i64, i64) {
    let (mut available, mut held) = (0_i64, 0_i64);
    for (account, amount) in
        [(row.debit_account, row.amount.0.saturating_neg()), (row.credit_account, row.amount.0)]
    {
        match account {
            Account::Available => available = available.saturating_add(amount),
            Account::Held => held = held.saturating_add(amount),
            _ => {}
        }
    }
    (available, held)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::ids::{HoldId, WalletId};
    use entity::values::{Credits, UnixMs};
    use uuid::Uuid;

    use super::*;

    fn row(kind: TransferKind, from: Account, to: Account) -> Transfer {
        Transfer {
            wallet_id: WalletId(Uuid::nil()),
            wseq: 1,
            kind,
            debit_account: from,
            credit_account: to,
            amount: Credits(5),
            available_after: Credits(5),
            held_after: Credits(0),
            lot_id: None,
            hold_id: None,
            video_id: None,
            batch_id: None,
            leg: 0,
            actor: String::from("usr_1"),
            reason: String::new(),
            created_at: UnixMs(0),
        }
    }

    #[test]
    fn every_event_has_a_name_and_words_in_both_languages() {
        let names: BTreeSet<_> = LedgerEvent::ALL.iter().map(|event| event.as_str()).collect();
        assert_eq!(names.len(), LedgerEvent::ALL.len());
        for event in LedgerEvent::ALL {
            let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            assert!(!han(event.words(Language::En)), "{event:?}");
            assert!(han(event.words(Language::Zh)), "{event:?}");
        }
    }

    #[test]
    fn rows_are_told_apart_by_what_is_stored() {
        use Account::{Adjustment, Available, Breakage, Debt, Held, Issued, Revenue};
        use TransferKind as K;
        for (kind, from, to, event, change) in [
            (K::Grant, Issued, Available, LedgerEvent::Granted, (5, 0)),
            (K::Freeze, Available, Held, LedgerEvent::Frozen, (-5, 5)),
            (K::Capture, Held, Revenue, LedgerEvent::Charged, (0, -5)),
            (K::Release, Held, Available, LedgerEvent::Returned, (5, -5)),
            (K::Expire, Available, Breakage, LedgerEvent::Expired, (-5, 0)),
            (K::Expire, Held, Breakage, LedgerEvent::ExpiredOnReturn, (0, -5)),
            (K::Adjust, Adjustment, Available, LedgerEvent::AdjustedUp, (5, 0)),
            (K::Adjust, Available, Adjustment, LedgerEvent::AdjustedDown, (-5, 0)),
            (K::Debt, Debt, Adjustment, LedgerEvent::DebtMade, (0, 0)),
            (K::Debt, Available, Debt, LedgerEvent::DebtPaid, (-5, 0)),
        ] {
            let row = row(kind, from, to);
            assert_eq!((LedgerEvent::of(&row), moved(&row)), (event, change), "{kind:?}");
        }
        let grace =
            Transfer { hold_id: Some(HoldId(Uuid::nil())), ..row(K::Grant, Issued, Available) };
        assert_eq!(LedgerEvent::of(&grace), LedgerEvent::GraceGranted);
        let marked = |reason: &str, actor: &str| Transfer {
            reason: reason.to_owned(),
            actor: actor.to_owned(),
            ..row(K::Grant, Issued, Available)
        };
        let trial = marked(TRIAL, "usr_1");
        assert_eq!((LedgerEvent::of(&trial), note(&trial)), (LedgerEvent::TrialGranted, None));
        let voucher = marked(VOUCHER, "usr_1");
        assert_eq!(LedgerEvent::of(&voucher), LedgerEvent::VoucherRedeemed);
        // An operator who writes the same word has written a note.
        let typed = marked(VOUCHER, "operator:usr_1");
        assert_eq!((LedgerEvent::of(&typed), note(&typed)), (LedgerEvent::Granted, Some(VOUCHER)));
    }
}
