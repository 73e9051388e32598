//! The replay: every transfer of every wallet in order, from zero.

use entity::enums::{Account, TransferKind};
use entity::ids::WalletId;
use futures_util::TryStreamExt as _;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbErr, QueryResult, StreamTrait as _};
use uuid::Uuid;

use super::Failure;
use super::report::{Break, Code, Report};
use crate::db::dialect;

/// Wallets whose stored numbers are kept in memory at a time.
const WALLET_PAGE: i64 = 500;

/// A wallet as stored, or as replayed so far. Signed and wide: damage must not hide by wrapping.
#[derive(Clone, Copy, Default)]
struct Numbers {
    wseq: i64,
    available: i128,
    held: i128,
    debt: i128,
}

pub(super) async fn run(
    snapshot: &DatabaseTransaction,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut last = WalletId(Uuid::nil());
    loop {
        let page = wallets_after(snapshot, last).await?;
        let Some((newest, _)) = page.last() else { return Ok(()) };
        let (after, upto) = (last, *newest);
        last = upto;
        replay_page(snapshot, (after, upto), (page, report)).await?;
    }
}

async fn replay_page(
    snapshot: &DatabaseTransaction,
    (after, upto): (WalletId, WalletId),
    (page, report): (Vec<(WalletId, Numbers)>, &mut Report),
) -> Result<(), Failure> {
    let sql = "SELECT wallet_id, wseq, kind, debit_account, credit_account, amount, \
               available_after, held_after FROM credit_ledger \
               WHERE wallet_id > $1 AND wallet_id <= $2 ORDER BY wallet_id, wseq";
    let query = dialect::statement(snapshot, sql, [after.into(), upto.into()]);
    let mut transfers = snapshot.stream_raw(query).await?;
    let mut wallets = page.into_iter();
    let mut current = wallets.next();
    let mut replayed = Numbers::default();
    while let Some(row) = transfers.try_next().await? {
        let wallet_id: WalletId = row.try_get("", "wallet_id")?;
        // Rows of wallets that do not exist fall between; a comparison of its own names them.
        while let Some((id, stored)) = current.filter(|(id, _)| *id < wallet_id) {
            compare(id, (stored, replayed), report);
            (current, replayed) = (wallets.next(), Numbers::default());
        }
        if current.is_some_and(|(id, _)| id == wallet_id) {
            step(&row, (wallet_id, &mut replayed), report)?;
        }
    }
    while let Some((id, stored)) = current {
        compare(id, (stored, replayed), report);
        (current, replayed) = (wallets.next(), Numbers::default());
    }
    Ok(())
}

async fn wallets_after(
    snapshot: &DatabaseTransaction,
    last: WalletId,
) -> Result<Vec<(WalletId, Numbers)>, DbErr> {
    let sql = "SELECT id, wseq, available, held, debt FROM credit_wallet WHERE id > $1 \
               ORDER BY id LIMIT $2";
    let query = dialect::statement(snapshot, sql, [last.into(), WALLET_PAGE.into()]);
    let rows = snapshot.query_all_raw(query).await?;
    let read = |row: &QueryResult| {
        let wide = |name: &str| row.try_get::<i64>("", name).map(i128::from);
        let numbers = Numbers {
            wseq: row.try_get("", "wseq")?,
            available: wide("available")?,
            held: wide("held")?,
            debt: wide("debt")?,
        };
        Ok((row.try_get("", "id")?, numbers))
    };
    rows.iter().map(read).collect()
}

fn step(
    row: &QueryResult,
    (wallet_id, replayed): (WalletId, &mut Numbers),
    report: &mut Report,
) -> Result<(), DbErr> {
    report.count_transfer();
    let wseq: i64 = row.try_get("", "wseq")?;
    let mut add = |code, expected: String, found: String| {
        report.add(Break { code, subject: format!("{wallet_id} #{wseq}"), expected, found });
    };
    let expected = replayed.wseq.saturating_add(1);
    if wseq != expected {
        add(Code::WseqGap, expected.to_string(), wseq.to_string());
    }
    replayed.wseq = wseq;
    let words = [row.try_get("", "kind")?, row.try_get("", "debit_account")?];
    let (words, to): ([String; 2], String) = (words, row.try_get("", "credit_account")?);
    let [kind, from] = &words;
    let (Ok(kind), Ok(from), Ok(to)) = (kind.parse(), from.parse(), to.parse()) else {
        add(Code::TransferShape, String::from("known words"), format!("{kind}: {from} → {to}"));
        return Ok(());
    };
    if !fits(kind, from, to) {
        let found = format!("{}: {} → {}", kind.as_str(), from.as_str(), to.as_str());
        add(Code::TransferShape, String::from("accounts of that kind"), found);
    }
    replayed.apply(from, to, row.try_get::<i64>("", "amount")?.into());
    let Numbers { available, held, debt, .. } = *replayed;
    if available.min(held).min(debt) < 0 {
        add(Code::BalanceNegative, String::from("≥ 0"), format!("{available}/{held}/{debt}"));
    }
    let after: (i64, i64) = (row.try_get("", "available_after")?, row.try_get("", "held_after")?);
    if (i128::from(after.0), i128::from(after.1)) != (available, held) {
        add(
            Code::RunningBalance,
            format!("{available}/{held}"),
            format!("{}/{}", after.0, after.1),
        );
    }
    Ok(())
}

impl Numbers {
    fn apply(&mut self, from: Account, to: Account, amount: i128) {
        for (account, sign) in [(from, -1_i128), (to, 1)] {
            let by = amount.saturating_mul(sign);
            match account {
                Account::Available => self.available = self.available.saturating_add(by),
                Account::Held => self.held = self.held.saturating_add(by),
                // What leaves the debt account is owed.
                Account::Debt => self.debt = self.debt.saturating_sub(by),
                Account::Issued | Account::Revenue | Account::Breakage | Account::Adjustment => {}
            }
        }
    }
}

/// Which accounts a kind of transfer moves between.
fn fits(kind: TransferKind, from: Account, to: Account) -> bool {
    use Account::{Adjustment, Available, Breakage, Debt, Held, Issued, Revenue};
    let moves: &[(Account, Account)] = match kind {
        TransferKind::Grant => &[(Issued, Available)],
        TransferKind::Freeze => &[(Available, Held)],
        TransferKind::Capture => &[(Held, Revenue)],
        TransferKind::Release => &[(Held, Available)],
        TransferKind::Expire => &[(Available, Breakage), (Held, Breakage)],
        TransferKind::Adjust => &[(Available, Adjustment), (Adjustment, Available)],
        TransferKind::Debt => &[(Debt, Adjustment), (Available, Debt)],
    };
    moves.contains(&(from, to))
}

fn compare(wallet_id: WalletId, (stored, replayed): (Numbers, Numbers), report: &mut Report) {
    report.count_wallet();
    let pairs = [
        (Code::WseqHead, i128::from(replayed.wseq), i128::from(stored.wseq)),
        (Code::WalletAvailable, replayed.available, stored.available),
        (Code::WalletHeld, replayed.held, stored.held),
        (Code::WalletDebt, replayed.debt, stored.debt),
    ];
    for (code, expected, found) in pairs.into_iter().filter(|(_, one, other)| one != other) {
        let (expected, found) = (expected.to_string(), found.to_string());
        report.add(Break { code, subject: wallet_id.to_string(), expected, found });
    }
}
