//! What a transfer means for the two numbers a person watches, and a typed limit for what may be spent.

use crate::api::scalars::Long;
use crate::api::wallet::{Account, LedgerEntry};

/// How a transfer moved a wallet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Of what can be spent.
    pub available: i64,
    /// Of what is frozen.
    pub held: i64,
}

/// The change a transfer made: it takes from one account and gives to the other.
#[must_use]
pub fn change(entry: &LedgerEntry) -> Change {
    let mut change = Change::default();
    let mut book = |account, amount: i64| match account {
        Account::Available => change.available += amount,
        Account::Held => change.held += amount,
        _ => {}
    };
    book(entry.debit_account, -entry.amount.0);
    book(entry.credit_account, entry.amount.0);
    change
}

/// A limit as it was typed: nothing is none. What is no number is not nothing, or a slip of the
/// finger would lift a limit.
///
/// # Errors
/// It is no whole number above zero.
pub fn limit(typed: &str) -> Result<Option<Long>, NoLimit> {
    match typed.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(n @ 1..) => Ok(Some(Long(n))),
            _ => Err(NoLimit),
        },
    }
}

/// What was typed is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLimit;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::scalars::DateTime;
    use crate::api::wallet::TransferKind;

    fn moved(from: Account, to: Account) -> (i64, i64) {
        let entry = LedgerEntry {
            number: Long(1),
            kind: TransferKind::Freeze,
            debit_account: from,
            credit_account: to,
            amount: Long(5),
            available_after: Long(0),
            held_after: Long(0),
            batch_id: None,
            description: String::new(),
            note: None,
            created_at: DateTime(String::new()),
        };
        let change = change(&entry);
        (change.available, change.held)
    }

    #[test]
    fn only_an_empty_field_lifts_a_limit() {
        assert_eq!((limit(""), limit(" 500 ")), (Ok(None), Ok(Some(Long(500)))));
        for text in ["0", "-1", "1.5", "1e3", "five", "99999999999999999999"] {
            assert_eq!(limit(text), Err(NoLimit), "{text}");
        }
    }

    #[test]
    fn what_leaves_one_account_arrives_in_the_other() {
        assert_eq!(moved(Account::Issued, Account::Available), (5, 0));
        assert_eq!(moved(Account::Available, Account::Held), (-5, 5));
        assert_eq!(moved(Account::Held, Account::Revenue), (0, -5));
        assert_eq!(moved(Account::Held, Account::Available), (5, -5));
    }
}
