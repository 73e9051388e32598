//! The videos one after another: cells are made for what is in sight, and for what has the focus.

use leptos::prelude::*;

use super::cell::Cell;
use super::hands;
use super::sight::{Looking, Scrolls, px, rem};
use super::state::watch;
use crate::board::Flow;
use crate::page::live::{When, each};

/// The gallery.
#[component]
pub fn Gallery() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let looking = Looking::new(Scrolls::Page);
    let rem = rem();
    let count = Memo::new(move |_| watch.order.with(Vec::len));
    let flow = Memo::new(move |_| Flow::of(looking.sight.get().room.0, rem, watch.shape.get()));
    let seen = Memo::new(move |_| {
        let sight = looking.sight.get();
        flow.get().seen(sight.from.1, sight.room.1, count.get())
    });
    let made = move || {
        let range = seen.get();
        watch.order.with(|order| {
            let held = watch.held.get();
            let held = held.and_then(|held| order.iter().position(|known| *known == held));
            let held = held.filter(|at| !range.contains(at));
            let places = range.chain(held);
            places.filter_map(|at| Some((at, *order.get(at)?))).collect::<Vec<_>>()
        })
    };
    let next = move |at: usize, step| {
        watch.order.with_untracked(|order| {
            let place = order.iter().position(|known| *known == at)?;
            order.get(flow.get_untracked().step(place, order.len(), step)?).copied()
        })
    };
    let part = move |(at, ordinal): (usize, usize)| {
        view! {
            <div
                class="cell-box"
                role="listitem"
                aria-posinset=at + 1
                aria-setsize=count
                style:translate=move || {
                    let (left, top) = flow.get().place(at);
                    format!("{left}px {top}px")
                }
                style:width=move || px(flow.get().width)
                style:height=move || px(flow.get().height)
            >
                <Cell ordinal=ordinal />
            </div>
        }
        .into_any()
    };
    view! {
        <div
            class="grid"
            role="list"
            data-gallery
            node_ref=looking.node
            style:height=move || px(flow.get().tall(count.get()))
            on:click=move |event| hands::pressed(watch, &event)
            on:keydown=move |event| hands::keyed(watch, &event, next)
            on:mouseover=move |event| watch.point(&event)
            on:mouseleave=move |_| watch.playing.set(None)
            on:focusin=move |event| watch.hold(&event)
            on:focusout=move |_| watch.playing.set(None)
        >
            {each(made, part)}
        </div>
        <When holds=move || count.get() == 0>
            <p class="empty dim">{app.t(|w| w.watch.filter_none)}</p>
        </When>
    }
}
