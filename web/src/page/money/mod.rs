//! Where credits are counted, and templates kept.

mod ledger;
mod limits;
mod lots;
mod spend;
mod statement;
mod templates;
mod versions;
mod voucher;

use leptos::prelude::*;

pub use templates::TemplatesPage;

use super::browser::title;
use super::state::app;
use crate::api::scalars::Role;
use crate::api::wallet::Wallet;
use crate::format::whole;
use crate::page::live::{When, live};
use crate::words::Books;

/// Balances, lots, ledger.
#[component]
pub fn WalletPage() -> impl IntoView {
    let app = app();
    app.count_credits();
    Effect::new(move |_| title(&format!("{} · Reelmill", app.books().money.title)));
    let wallet = move || app.standing.get().map(|standing| standing.wallet);
    let figure = move |name: fn(&'static Books) -> &'static str,
                       n: Option<i64>,
                       hint: Option<&'static str>,
                       mark: &'static str| {
        view! {
            <div class="card figure" data-figure=mark data-value=n>
                <span class="dim">{app.b(name)}</span>
                <b>{n.map_or_else(|| "–".to_owned(), |n| whole(n.into()))}</b>
                <span class="dim small">{hint}</span>
            </div>
        }
    };
    let figures = move || {
        let words = app.books();
        let wallet = wallet();
        let part = |pick: fn(&Wallet) -> i64| wallet.as_ref().map(pick);
        let debt = part(|wallet| wallet.debt.0).filter(|debt| *debt > 0);
        view! {
            {figure(|w| w.money.available, part(|wallet| wallet.available.0), Some(words.money.available_hint), "available")}
            {figure(|w| w.money.held, part(|wallet| wallet.held.0), Some(words.money.held_hint), "held")}
            {debt.map(|debt| figure(|w| w.money.debt, Some(debt), None, "debt"))}
        }
    };
    // Lots and ledger are read again when a voucher has brought credits.
    let changes = RwSignal::new(0_u32);
    let changed = Callback::new(move |()| changes.update(|n| *n += 1));
    let lots = move || {
        changes.track();
        view! { <lots::Lots /> }
    };
    let rows = move || {
        changes.track();
        view! { <ledger::Ledger /> }
    };
    let sees = Memo::new(move |_| app.is_at_least(Role::Producer));
    view! {
        <header class="page-head">
            <h1>{app.b(|w| w.money.title)}</h1>
        </header>
        <When
            holds=move || sees.get()
            otherwise=move || view! { <p class="note">{app.b(|w| w.money.hidden)}</p> }
        >
            <div class="wallet-top">{live(figures)}</div>
            <spend::Spend />
            <div class="wallet-mid">
                <section class="card pad stack" aria-labelledby="lots-title">
                    <h2 id="lots-title">{app.b(|w| w.money.lots)}</h2>
                    {live(lots)}
                    <voucher::Voucher changed=changed />
                </section>
                <limits::Limits />
            </div>
            {live(rows)}
        </When>
    }
}
