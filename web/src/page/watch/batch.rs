//! One batch: how far it is, its videos as gallery or matrix, one of them at full size.

use leptos::prelude::*;

use super::control::Controls;
use super::gallery::Gallery;
use super::head::Head;
use super::light::{Compare, Light};
use super::matrix::Table;
use super::state::{Layout, Watch};
use super::tools::{PickedBar, Tools};
use crate::board::Shape;
use crate::page::browser::title;
use crate::page::live::live;
use crate::page::shell::{Nowhere, Waiting};
use crate::page::way::way;
use crate::route::rest;
use crate::words::fill;

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

#[component]
fn Videos() -> impl IntoView {
    let watch = super::state::watch();
    let shape = move || match watch.shape.get() {
        Shape::Tall => "tall",
        Shape::Square => "square",
        Shape::Flat => "flat",
    };
    view! {
        <section aria-label=watch.app.t(|w| w.watch.gallery)>
            <Tools />
            <div class=shape class:picking=move || watch.picked.with(|picked| !picked.is_empty())>
                {live(move || match watch.layout.get() {
                    Layout::Gallery => view! { <Gallery /> }.into_any(),
                    Layout::Matrix => view! { <Table /> }.into_any(),
                })}
            </div>
            <PickedBar />
        </section>
    }
}
