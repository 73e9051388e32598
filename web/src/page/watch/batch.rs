//! One batch: how far it is, its videos as gallery or matrix, one of them at full size.

use leptos::prelude::*;

use super::cell::Cell;
use super::control::Controls;
use super::head::Head;
use super::light::{Compare, Light};
use super::matrix::Table;
use super::state::Watch;
use crate::api::scalars::Aspect;
use crate::board::Kind;
use crate::page::browser::title;
use crate::page::live::{When, live};
use crate::page::shell::{Nowhere, Waiting};
use crate::page::way::way;
use crate::route::rest;
use crate::words::{Words, fill};

/// Cells that are made at first, and with every press of the button below them.
const STEP: usize = 120;

/// One batch, begun anew for another id.
#[component]
pub fn BatchPage() -> impl IntoView {
    let way = way();
    let id = Memo::new(move |_| way.path.with(|path| rest(path).to_owned()));
    live(move || view! { <One id=id.get() /> })
}

#[component]
fn One(id: String) -> impl IntoView {
    let watch = Watch::new(id);
    provide_context(watch);
    watch.begin();
    tell_when_done(watch);
    let known = Memo::new(move |_| watch.batch.with(Option::is_some));
    let refused = move || watch.refused.get();
    live(move || {
        if let Some(refusal) = refused() {
            if refusal.is("NOT_FOUND") || refusal.is("INVALID_INPUT") {
                return view! { <Nowhere /> }.into_any();
            }
            return view! { <p class="note bad" role="alert">{refusal.message}</p> }.into_any();
        }
        if !known.get() {
            return view! { <Waiting /> }.into_any();
        }
        view! {
            <Head />
            <Controls />
            <Videos />
            <Light />
            <Compare />
        }
        .into_any()
    })
}

/// The tab's title says how far it is; the end is said aloud, and by the system if that is allowed.
fn tell_when_done(watch: Watch) {
    Effect::new(move |before: Option<Option<bool>>| {
        let words = watch.app.words();
        let (name, counts, settled) = watch.batch.with(|batch| {
            let batch = batch.as_ref()?;
            Some((batch.name.clone(), batch.counts, batch.settled_at.is_some()))
        })?;
        let done = counts.total - counts.open;
        let mark = if settled { "✓".to_owned() } else { format!("{done}/{}", counts.total) };
        title(&format!("{mark} {name} · Reelmill"));
        if settled && before.flatten() == Some(false) {
            let text = fill(words.watch.finished, &[("name", &name), ("n", &counts.delivered)]);
            if web_sys::Notification::permission() == web_sys::NotificationPermission::Granted {
                let _ = web_sys::Notification::new(&text);
            }
            watch.app.say(text);
        }
        Some(settled)
    });
}

/// How the videos are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Gallery,
    Matrix,
}

#[component]
fn Videos() -> impl IntoView {
    let watch = super::state::watch();
    let app = watch.app;
    let layout = RwSignal::new(Layout::Gallery);
    let varied = watch.varied;
    let shape = move || {
        watch.batch.with(|batch| match batch.as_ref().map(|batch| batch.aspect) {
            Some(Aspect::Tall) => "tall",
            Some(Aspect::Square) => "square",
            _ => "flat",
        })
    };
    let way = move |own: Layout, words: fn(&'static Words) -> &'static str, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="layout"
                    value=name
                    prop:checked=move || layout.get() == own
                    on:change=move |_| layout.set(own)
                />
                {app.t(words)}
            </label>
        }
    };
    view! {
        <section aria-label=app.t(|w| w.watch.gallery)>
            <div class="toolbar">
                <fieldset>
                    <legend class="sr">{app.t(|w| w.watch.view)}</legend>
                    <div class="segments">
                        {way(Layout::Gallery, |w| w.watch.gallery, "gallery")}
                        {way(Layout::Matrix, |w| w.watch.matrix, "matrix")}
                    </div>
                </fieldset>
                <When holds=move || layout.get() == Layout::Gallery>
                    <Filters varied=varied />
                </When>
                <When holds=move || watch.picked.with(|picked| picked.len() > 1)>
                    <button class="button tiny primary" data-compare on:click=move |_| watch.comparing.set(true)>
                        {live(move || {
                            let n = watch.picked.with(Vec::len);
                            fill(app.words().watch.compare_n, &[("n", &n)])
                        })}
                    </button>
                </When>
            </div>
            <div class=shape class:picking=move || watch.picked.with(|picked| !picked.is_empty())>
                {live(move || match layout.get() {
                    Layout::Gallery => view! { <Gallery shape=Signal::derive(shape) /> }.into_any(),
                    Layout::Matrix => view! { <Table varied=varied /> }.into_any(),
                })}
            </div>
        </section>
    }
}

#[component]
fn Filters(varied: Memo<Vec<crate::board::Axis>>) -> impl IntoView {
    let watch = super::state::watch();
    let app = watch.app;
    let word = |kind: Kind| -> fn(&'static Words) -> &'static str {
        match kind {
            Kind::Delivered => |w| w.watch.video_delivered,
            Kind::Open => |w| w.watch.open_n,
            Kind::Failed => |w| w.watch.video_failed,
            Kind::Cancelled => |w| w.watch.video_cancelled,
        }
    };
    let by_value = move |axis: crate::board::Axis| {
        let label = fill(app.words().watch.any, &[("name", &axis.name)]);
        let name = axis.name.clone();
        let options = axis.values.into_iter();
        let options =
            options.map(|value| view! { <option value=value.clone()>{value.clone()}</option> });
        view! {
            <select
                class="input tiny-select"
                aria-label=label.clone()
                on:change=move |event| {
                    let value = Some(event_target_value(&event)).filter(|value| !value.is_empty());
                    watch.filter.update(|filter| filter.set(&name, value));
                }
            >
                <option value="">{label.clone()}</option>
                {options.collect_view()}
            </select>
        }
    };
    view! {
        <select
            class="input tiny-select"
            data-filter-state
            aria-label=app.t(|w| w.watch.filter_state)
            on:change=move |event| {
                let wanted = event_target_value(&event);
                let kind = Kind::ALL.into_iter().find(|kind| format!("{kind:?}") == wanted);
                watch.filter.update(|filter| filter.kind = kind);
            }
        >
            <option value="">{app.t(|w| w.watch.all_states)}</option>
            {Kind::ALL.map(|kind| view! { <option value=format!("{kind:?}")>{app.t(word(kind))}</option> })}
        </select>
        {live(move || varied.get().into_iter().take(4).map(by_value).collect_view())}
    }
}

#[component]
fn Gallery(#[prop(into)] shape: Signal<&'static str>) -> impl IntoView {
    let watch = super::state::watch();
    let app = watch.app;
    let most = RwSignal::new(STEP);
    let shown = Memo::new(move |_| {
        let filter = watch.filter.get();
        watch.board.with(|board| filter.of(board))
    });
    let made = move || {
        let mut made = shown.get();
        made.truncate(most.get());
        made
    };
    view! {
        <div class=move || format!("grid {}", shape.get()) data-gallery>
            <For
                each=made
                key=|ordinal| *ordinal
                let:ordinal
            >
                <Cell ordinal=ordinal />
            </For>
        </div>
        <When holds=move || shown.with(Vec::is_empty)>
            <p class="empty dim">{app.t(|w| w.watch.filter_none)}</p>
        </When>
        <When holds=move || { shown.with(Vec::len) > most.get() }>
            <p class="row">
                <button class="button" data-more on:click=move |_| most.update(|most| *most += STEP)>
                    {app.t(|w| w.all.more)}
                </button>
            </p>
        </When>
    }
}
