//! Credits by where they came from.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::wallet::{Lot, LotSource, LotsPage, LotsVariables};
use crate::format::{share, whole};
use crate::page::browser::clock::day;
use crate::page::live::live;
use crate::page::state::app;
use crate::words::{Books, fill};

/// The newest lots.
#[component]
pub fn Lots() -> impl IntoView {
    let app = app();
    let lots = RwSignal::new(Vec::<Lot>::new());
    spawn_local(async move {
        let variables = LotsVariables { workspace: app.workspace() };
        match app.ask(LotsPage::build(variables)).await {
            Ok(answer) => {
                lots.try_set(answer.workspace.wallet.lots.nodes);
            }
            Err(refusal) => app.complain(&refusal),
        }
    });
    let row = move |lot: Lot| {
        let words = app.books();
        let language = app.language.get();
        let numbers: [(&str, &dyn std::fmt::Display); 2] =
            [("n", &whole(lot.remaining.0.into())), ("all", &whole(lot.granted.0.into()))];
        let left = fill(words.money.lot_left, &numbers);
        let ends = lot.expires_at.as_ref().map_or_else(
            || words.money.never.to_owned(),
            |at| fill(words.money.expires, &[("date", &day(&at.0, language))]),
        );
        let share = |n: i64| share(n, lot.granted.0);
        view! {
            <li class="lot">
                <span><b>{source(lot.source, words)}</b> " " <span class="dim">{ends}</span></span>
                <span class="num">{left}</span>
                <div class="meter" aria-hidden="true">
                    <i class="done" style:width=share(lot.remaining.0)></i>
                    <i class="gone" style:width=share(lot.held.0)></i>
                </div>
            </li>
        }
    };
    view! {
        <ul class="lots">{live(move || lots.get().into_iter().map(row).collect_view())}</ul>
    }
}

const fn source(source: LotSource, words: &'static Books) -> &'static str {
    match source {
        LotSource::Trial => words.money.lot_trial,
        LotSource::Promo => words.money.lot_promo,
        LotSource::Subscription => words.money.lot_subscription,
        LotSource::Purchase => words.money.lot_purchase,
        LotSource::Adjustment => words.money.lot_adjustment,
        LotSource::Grace => words.money.lot_grace,
    }
}
