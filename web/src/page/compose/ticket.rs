//! The ticket: what comes out, what it costs, what is left.

use leptos::prelude::*;
use prompt::AxisKind;

use super::launch::Launch;
use super::state::form;
use crate::format::{count, whole};
use crate::page::live::{When, live};
use crate::words::fill;

/// Tiles that are drawn for the videos.
const TILES: u128 = 96;

/// What comes out and what it costs.
#[component]
pub fn Ticket() -> impl IntoView {
    let form = form();
    let app = form.app;
    view! {
        <aside class="ticket" aria-label=app.t(|w| w.compose.price)>
            <div class="perforation" aria-hidden="true"></div>
            <div class="ticket-part">
                <Formula />
            </div>
            <Preview />
            <div class="ticket-part stack">
                <Sums />
                <Launch />
                <p class="dim small">{app.t(|w| w.compose.frozen_note)}</p>
            </div>
        </aside>
    }
}

/// `3 style × 4 scene`, and what it comes to.
#[component]
fn Formula() -> impl IntoView {
    let form = form();
    let app = form.app;
    let factors = move || {
        let words = app.words();
        let factors = form.look.with(|look| look.factors());
        let factor = |(place, factor): (usize, crate::draft::Factor)| {
            let name = match factor.kind {
                AxisKind::Take => words.compose.take.to_owned(),
                AxisKind::Rows => words.compose.row.to_owned(),
                _ => factor.name,
            };
            let hue = factor.tint.map(|tint| format!("hue-{}", tint % 6)).unwrap_or_default();
            view! {
                {(place > 0).then(|| view! { <span class="op">"×"</span> })}
                <span class=hue>
                    <b class="num">{count(factor.len)}</b>
                    " "
                    {name}
                </span>
            }
        };
        factors.into_iter().enumerate().map(factor).collect_view()
    };
    let rest = live(move || {
        form.look.with(|look| {
            let (space, left, count_) = (look.space()?, look.left()?, look.count()?);
            let mut text = String::new();
            if left != space {
                text.push_str(&format!(" − {}", count(space - left)));
            }
            if count_ != left {
                text.push_str(&format!(" → {}", count(count_)));
            }
            (!text.is_empty()).then_some(text)
        })
    });
    let total =
        live(move || form.look.with(|look| look.count()).map_or_else(|| "–".to_owned(), count));
    let tiles = Memo::new(move |_| {
        form.look.with(|look| {
            let shown = look.count().unwrap_or_default().min(TILES);
            let varied = look.factors().into_iter().map(|factor| factor.len).find(|len| *len > 1);
            let first = varied.unwrap_or(1);
            let each = look.count().unwrap_or_default().div_ceil(first).max(1);
            (0..shown).map(|n| (n / each) as usize % 6).collect::<Vec<_>>()
        })
    });
    let tile = move |(place, hue): (usize, usize)| {
        let on = move || form.shown.get() == place as u128;
        view! { <i class=format!("hue-{hue}") class:on=on></i> }
    };
    view! {
        <div class="formula" data-formula aria-live="polite">
            {factors} <span class="op num">{rest}</span>
        </div>
        <p class="total">
            <b data-count>{total}</b>
            <span class="dim">{app.t(|w| w.compose.videos)}</span>
        </p>
        <div class="tiles" aria-hidden="true">
            {live(move || tiles.get().into_iter().enumerate().map(tile).collect_view())}
        </div>
    }
}

/// One prompt that would come out.
#[component]
fn Preview() -> impl IntoView {
    let form = form();
    let app = form.app;
    let total = Memo::new(move |_| form.look.with(|look| look.count()).unwrap_or_default());
    let at = move || form.shown.get().min(total.get().saturating_sub(1));
    let prompt = move || form.look.with(|look| look.nth(at())).map(|made| made.prompt);
    let is_last = move || at() + 1 >= total.get();
    let place = move || {
        fill(
            app.words().compose.preview_of,
            &[("n", &count(at() + 1)), ("all", &count(total.get()))],
        )
    };
    view! {
        <When holds=move || { total.get() > 0 }>
            <div class="ticket-part stack-tight">
                <div class="spread">
                    <span class="dim small">{app.t(|w| w.compose.preview)} " · " <span class="num">{live(place)}</span></span>
                    <span class="row">
                        <button
                            class="button ghost icon tiny"
                            aria-label=app.t(|w| w.compose.previous)
                            disabled=move || at() == 0
                            on:click=move |_| form.shown.set(at().saturating_sub(1))
                        >
                            "‹"
                        </button>
                        <button
                            class="button ghost icon tiny"
                            aria-label=app.t(|w| w.compose.next)
                            disabled=is_last
                            on:click=move |_| form.shown.set(at() + 1)
                        >
                            "›"
                        </button>
                    </span>
                </div>
                <p class="preview-text" data-preview>{live(prompt)}</p>
            </div>
        </When>
    }
}

/// Price and balance, from the server's quote.
#[component]
fn Sums() -> impl IntoView {
    let form = form();
    let app = form.app;
    let latest =
        move || form.price.with(|price| price.quote.as_ref().map(|(quote, _)| quote.clone()));
    let stale = move || form.quote().is_none();
    let available = move || app.standing.get().map(|standing| standing.wallet.available.0);
    let sums = live(move || {
        let words = app.words();
        let Some(quote) = latest().filter(|_| form.look.with(|look| look.count().is_some())) else {
            return view! { <p class="dim small">{words.compose.price_waiting}</p> }.into_any();
        };
        let each = fill(words.compose.price_each, &[("n", &whole(quote.price_per_video.0.into()))]);
        let total = fill(words.all.credits, &[("n", &whole(quote.total.0.into()))]);
        let after = available().map(|available| {
            let left = available - quote.total.0;
            view! {
                <div class:short=left < 0>
                    <dt>{words.compose.balance_after}</dt>
                    <dd data-after=left>{whole(left.into())}</dd>
                </div>
            }
        });
        view! {
            <dl class="ledger-lines" class:stale=stale>
                <div>
                    <dt>{words.compose.price}</dt>
                    <dd class="dim">{each}</dd>
                </div>
                <div class="big">
                    <dt></dt>
                    <dd data-total=quote.total.0>{total}</dd>
                </div>
                {after}
            </dl>
            {quote.watermark.then(|| view! { <p class="dim small">{words.compose.watermark}</p> })}
        }
        .into_any()
    });
    let refused = move || form.price.with(|price| price.refused.clone());
    let over = move || {
        let limit = app.standing.get()?.plan.entitlement.max_videos_per_batch.0;
        let count = form.look.with(|look| look.count())?;
        let over = count > u128::try_from(limit).unwrap_or_default();
        over.then(|| fill(app.words().compose.plan_limit, &[("n", &whole(limit.into()))]))
    };
    view! {
        {sums}
        <div role="alert">
            {live(move || refused().map(|refusal| view! { <p class="note bad" data-code=refusal.code>{refusal.message}</p> }))}
            {live(move || over().map(|text| view! { <p class="note">{text}</p> }))}
        </div>
    }
}
