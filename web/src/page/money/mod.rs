//! Where credits are counted, and templates kept.

mod ledger;
mod lots;
mod templates;

use leptos::prelude::*;

pub use templates::TemplatesPage;

use super::browser::title;
use super::state::app;
use crate::api::scalars::Role;
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
        let debt = wallet.map(|wallet| wallet.debt.0).filter(|debt| *debt > 0);
        view! {
            {figure(|w| w.money.available, wallet.map(|w| w.available.0), Some(words.money.available_hint), "available")}
            {figure(|w| w.money.held, wallet.map(|w| w.held.0), Some(words.money.held_hint), "held")}
            {debt.map(|debt| figure(|w| w.money.debt, Some(debt), None, "debt"))}
        }
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
            <lots::Lots />
            <ledger::Ledger />
        </When>
    }
}
