//! How far a batch is: state, connection, counts, money.

use leptos::prelude::*;

use super::standing;
use super::state::watch;
use crate::api::batches::{Batch, BatchCounts};
use crate::board::{Standing, eta_s};
use crate::format::{share, whole};
use crate::live::line::Phase;
use crate::page::browser::clock::{at_ms, moment, now_ms};
use crate::page::live::live;
use crate::words::{Language, Words, fill};

/// Name, state, bar, numbers.
#[component]
pub fn Head() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let batch = Memo::new(move |_| watch.batch.get());
    let name = live(move || batch.with(|b| b.as_ref().map(|batch| batch.name.clone())));
    let badge = live(move || {
        batch.with(|b| {
            b.as_ref().map(|batch| {
                let (words, class) = standing(Standing::of(batch));
                view! { <span class=class data-standing=format!("{:?}", Standing::of(batch))>{words(app.words())}</span> }
            })
        })
    });
    let about = move || batch.with(|b| b.as_ref().map(|batch| about(batch, app.language.get())));
    let counts = move || batch.with(|b| b.as_ref().map(|batch| batch.counts).unwrap_or_default());
    view! {
        <header class="watch-head">
            <div class="spread">
                <div class="row">
                    <h1>{name}</h1>
                    {badge}
                </div>
                <Connection />
            </div>
            <p class="dim small">{about}</p>
            {live(move || meter(counts(), app.words(), "meter tall"))}
            <Numbers />
        </header>
    }
}

fn about(batch: &Batch, language: Language) -> String {
    let words = language.words();
    let length = fill(words.compose.seconds, &[("n", &batch.seconds)]);
    let (lines, ratio) = (batch.resolution.lines(), batch.aspect.ratio());
    let when = moment(&batch.created_at.0, language);
    format!("{when} · {} · {ratio} · {lines} · {length}", batch.model)
}

/// A bar of what ended how.
pub fn meter(counts: BatchCounts, words: &'static Words, class: &'static str) -> impl IntoView {
    let part = |n: i32| share(n.into(), counts.total.into());
    let done = counts.total - counts.open;
    let text = fill(words.watch.progress, &[("done", &done), ("all", &counts.total)]);
    view! {
        <div
            class=class
            role="progressbar"
            aria-label=words.watch.progress_label
            aria-valuemin="0"
            aria-valuemax=counts.total
            aria-valuenow=done
            aria-valuetext=text
        >
            <i class="done" style:width=part(counts.delivered)></i>
            <i class="failed" style:width=part(counts.failed)></i>
            <i class="gone" style:width=part(counts.cancelled)></i>
        </div>
    }
}

#[component]
fn Connection() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let shown = live(move || {
        let words = app.words();
        let (text, class, hint) = match watch.phase.get() {
            Phase::Connecting => {
                (words.watch.connecting, "badge pulse line", words.watch.live_hint)
            }
            Phase::Live => (words.watch.live, "badge good pulse line", words.watch.live_hint),
            Phase::Reconnecting => {
                (words.watch.reconnecting, "badge warm pulse line", words.watch.reconnecting_hint)
            }
            Phase::Polling => {
                (words.watch.polling, "badge warm pulse line", words.watch.polling_hint)
            }
            Phase::Ended => (words.watch.ended, "badge line", ""),
        };
        view! {
            <span class=class title=hint data-phase=format!("{:?}", watch.phase.get())>
                {text}
            </span>
        }
    });
    view! { <span role="status">{shown}</span> }
}

#[component]
fn Numbers() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let one = move |class: &'static str, name: &'static str, n: i128, words: &'static str| {
        view! {
            <div class=class data-number=name data-value=n.to_string()>
                <b>{whole(n)}</b>
                <span class="dim">{words}</span>
            </div>
        }
    };
    let numbers = live(move || {
        let words = app.words();
        watch.batch.with(|batch| {
            let batch = batch.as_ref()?;
            let counts = batch.counts;
            let some =
                |n: i32, class, name, text| (n > 0).then(|| one(class, name, n.into(), text));
            let money = batch.credits.map(|credits| {
                let held = (credits.held.0 > 0)
                    .then(|| one("", "held", credits.held.0.into(), words.watch.held));
                let released = (credits.released.0 > 0)
                    .then(|| one("", "released", credits.released.0.into(), words.watch.released));
                view! {
                    {one("", "captured", credits.captured.0.into(), words.watch.captured)}
                    {held}
                    {released}
                }
            });
            Some(view! {
                {one("good", "delivered", counts.delivered.into(), words.watch.delivered_n)}
                {some(counts.open, "", "open", words.watch.open_n)}
                {some(counts.failed, "bad", "failed", words.watch.failed_n)}
                {some(counts.cancelled, "", "cancelled", words.watch.cancelled_n)}
                {money}
                {eta(batch, words).map(|text| view! { <div class="dim">{text}</div> })}
            })
        })
    });
    let waiting = move || {
        let slots = app.standing.get()?.plan.entitlement.concurrency.0;
        let queued = watch
            .batch
            .with(|b| b.as_ref().is_some_and(|batch| Standing::of(batch) == Standing::Queued));
        queued.then(|| fill(app.words().watch.waiting_slots, &[("n", &whole(slots.into()))]))
    };
    view! {
        <div class="stats">{numbers}</div>
        {live(move || waiting().map(|text| view! { <p class="dim small">{text}</p> }))}
    }
}

fn eta(batch: &Batch, words: &'static Words) -> Option<String> {
    if Standing::of(batch) != Standing::Processing {
        return None;
    }
    let elapsed_s = (now_ms() - at_ms(&batch.created_at.0)) / 1000.0;
    let number = |n: i32| u32::try_from(n).unwrap_or_default();
    let ended = number(batch.counts.total - batch.counts.open);
    let left = eta_s(ended, number(batch.counts.open), elapsed_s)?;
    let time = if left < 90 {
        fill(words.watch.secs, &[("n", &left)])
    } else {
        fill(words.watch.minutes, &[("n", &left.div_ceil(60))])
    };
    Some(fill(words.watch.eta, &[("time", &time)]))
}
