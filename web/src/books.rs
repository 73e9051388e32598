//! What a transfer means for the two numbers a person watches.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::scalars::{DateTime, Long};
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
            reason: String::new(),
            created_at: DateTime(String::new()),
        };
        let change = change(&entry);
        (change.available, change.held)
    }

    #[test]
    fn what_leaves_one_account_arrives_in_the_other() {
        assert_eq!(moved(Account::Issued, Account::Available), (5, 0));
        assert_eq!(moved(Account::Available, Account::Held), (-5, 5));
        assert_eq!(moved(Account::Held, Account::Revenue), (0, -5));
        assert_eq!(moved(Account::Held, Account::Available), (5, -5));
    }
}
