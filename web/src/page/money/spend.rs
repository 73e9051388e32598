//! What was spent: a chart by day with its table, by model, by template.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::spending::{Date, Spend as Spent, SpendPage, SpendVariables};
use crate::chart::{Bars, bars, named};
use crate::format::{share, whole};
use crate::page::browser::clock::{days_before, short_day, today, zone};
use crate::page::live::live;
use crate::page::state::app;
use crate::words::{Books, fill};

const PERIODS: [i32; 3] = [7, 30, 90];
const PERIOD: i32 = 30;

/// The charts.
#[component]
pub fn Spend() -> impl IntoView {
    let app = app();
    let days = RwSignal::new(PERIOD);
    let spend = RwSignal::new(None::<Spent>);
    Effect::new(move |_| {
        let wanted = days.get();
        spawn_local(async move {
            let variables = SpendVariables {
                workspace: app.workspace(),
                from: Date(days_before(wanted - 1)),
                to: Date(today()),
                zone: zone(),
            };
            match app.ask(SpendPage::build(variables)).await {
                Ok(answer) if days.try_get_untracked() == Some(wanted) => {
                    spend.try_set(Some(answer.workspace.wallet.spend));
                }
                Ok(_) => {}
                Err(refusal) => app.complain(&refusal),
            }
        });
    });
    let note = move || fill(app.books().own.spend_note, &[("zone", &zone())]);
    let period = move |n: i32| {
        view! {
            <label>
                <input
                    type="radio"
                    name="period"
                    value=n.to_string()
                    prop:checked=move || days.get() == n
                    on:change=move |_| days.set(n)
                />
                {live(move || fill(app.books().own.last_days, &[("n", &n)]))}
            </label>
        }
    };
    let shown = move || match spend.get() {
        None => view! { <div class="skeleton shell-line"></div> }.into_any(),
        Some(spend) if spend.total.0 == 0 => {
            view! { <p class="dim" data-spend-total="0">{app.b(|w| w.own.nothing_spent)}</p> }
                .into_any()
        }
        Some(spend) => charts(spend),
    };
    view! {
        <section class="card pad stack" data-spend aria-labelledby="spend-title">
            <div class="spread">
                <div>
                    <h2 id="spend-title">{app.b(|w| w.own.spend)}</h2>
                    <p class="dim small">{live(note)}</p>
                </div>
                <fieldset class="segments" aria-label=app.b(|w| w.own.spend_days)>
                    {PERIODS.map(period)}
                </fieldset>
            </div>
            {live(shown)}
        </section>
    }
}

/// A name, its credits, its videos.
type Row = (String, i64, i64);

fn charts(spend: Spent) -> AnyView {
    let app = app();
    let words = app.books();
    let total = whole(spend.total.0.into());
    let videos = spend.days.iter().map(|day| day.videos.0).sum::<i64>();
    let drawn = chart(&spend);
    let language = app.language.get();
    // The latest day first, as in the ledger; days without charges are in the picture alone.
    let rows = spend.days.into_iter().rev().filter(|day| day.credits.0 > 0);
    let rows = rows.map(|day| (short_day(&day.day.0, language), day.credits.0, day.videos.0));
    let models = spend.models.into_iter().map(|row| (row.model, row.credits.0, row.videos.0));
    let untitled = words.own.untitled;
    let templates = spend.templates.into_iter().map(|row| {
        let name = if row.name.is_empty() { untitled.to_owned() } else { row.name };
        (name, row.credits.0, row.videos.0)
    });
    view! {
        <p class="spent">
            <b class="num" data-spend-total=spend.total.0>{total}</b>
            " "
            <span class="dim">{fill(words.own.spend_total, &[("n", &whole(videos.into()))])}</span>
        </p>
        {drawn}
        <details class="fold-plain" data-spend-days>
            <summary>{words.own.as_table}</summary>
            {table(words, words.own.by_day, words.own.day, rows.collect())}
        </details>
        <div class="spend-parts">
            {table(words, words.own.by_model, words.own.model, models.collect())}
            {table(words, words.own.by_template, words.own.template, templates.collect())}
        </div>
    }
    .into_any()
}

/// The picture of the days; what it shows is said in one sentence to who does not see it.
fn chart(spend: &Spent) -> AnyView {
    let app = app();
    let language = app.language.get();
    let name = |at: usize| spend.days.get(at).map(|day| short_day(&day.day.0, language));
    let credits: Vec<_> = spend.days.iter().map(|day| day.credits.0).collect();
    let Bars { top, heights } = bars(&credits);
    let peak = (0..credits.len()).max_by_key(|at| credits[*at]).unwrap_or(0);
    let facts: [(&str, &dyn std::fmt::Display); 2] = [
        ("date", &name(peak).unwrap_or_default()),
        ("n", &whole(credits.get(peak).copied().unwrap_or(0).into())),
    ];
    let said = fill(app.books().own.spend_peak, &facts);
    let bar = |(at, height): (usize, i64)| {
        let says = format!("{}: {}", name(at).unwrap_or_default(), whole(credits[at].into()));
        view! { <span title=says><i style:height=format!("{height}%")></i></span> }
    };
    let bars = heights.into_iter().enumerate().map(bar).collect_view();
    let names = named(credits.len()).into_iter().map(|at| view! { <span>{name(at)}</span> });
    view! {
        <figure class="chart" role="img" aria-label=said data-chart>
            <div class="plot">
                <span class="tick num">{whole(top.into())}</span>
                <span class="tick half num">{whole((top / 2).into())}</span>
                {bars}
            </div>
            <div class="dates">{names.collect_view()}</div>
        </figure>
    }
    .into_any()
}

/// Rows with a bar each: the chart and its table in one.
fn table(
    words: &'static Books,
    title: &'static str,
    head: &'static str,
    rows: Vec<Row>,
) -> AnyView {
    let most = rows.iter().map(|(_, credits, _)| *credits).max().unwrap_or(1).max(1);
    let line = |(name, credits, videos): Row| {
        view! {
            <tr>
                <th scope="row">
                    {name}
                    <div class="meter" aria-hidden="true"><i class="spent-bar" style:width=share(credits, most)></i></div>
                </th>
                <td class="end num">{whole(credits.into())}</td>
                <td class="end num dim">{whole(videos.into())}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=title>
            <table class="spend-table">
                <caption class="sr">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        <th scope="col" class="end">{words.own.charged}</th>
                        <th scope="col" class="end">{words.own.delivered}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
