//! Presses and keys in a grid, heard once for all of its cells.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::collect::mark;
use super::state::Watch;
use crate::api::scalars::Role;
use crate::api::videos::Mark;
use crate::board::Step;
use crate::page::browser::{composes, document};

/// The video that an event is about.
pub fn ordinal(event: &web_sys::Event) -> Option<usize> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let found = element.closest("[data-cell],[data-pick]").ok()??;
    let name = if found.has_attribute("data-cell") { "data-cell" } else { "data-pick" };
    found.get_attribute(name)?.parse().ok()
}

/// A press: the box picks, the picture opens; with Shift or Ctrl the picture picks too.
pub fn pressed(watch: Watch, event: &web_sys::MouseEvent) {
    let Some(at) = ordinal(event) else { return };
    let input =
        event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let on = match input {
        Some(input) => input.checked(),
        None if event.shift_key() || event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            event.shift_key() || watch.picked.with_untracked(|picked| !picked.has(at))
        }
        None => return watch.open.set(Some(at)),
    };
    pick(watch, at, (on, event.shift_key()));
}

fn pick(watch: Watch, at: usize, (on, reaches): (bool, bool)) {
    watch.order.with_untracked(|order| {
        watch.picked.update(|picked| match reaches {
            true => picked.reach(at, on, order),
            false => picked.set(at, on),
        });
    });
}

/// A key: arrows go to another video, with Shift they pick on the way; K keeps, X rejects, U takes
/// the mark away: what is picked, or with Shift everything since the last one.
pub fn keyed(
    watch: Watch,
    event: &web_sys::KeyboardEvent,
    next: impl Fn(usize, Step) -> Option<usize>,
) {
    if composes(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(at) = ordinal(event) else { return };
    let key = event.key();
    if let Some(step) = Step::of(&key) {
        event.prevent_default();
        if let Some(to) = next(at, step) {
            if event.shift_key() {
                if watch.picked.with_untracked(|picked| !picked.has(at)) {
                    pick(watch, at, (true, false));
                }
                pick(watch, to, (true, true));
            }
            go_to(watch, to);
        }
        return;
    }
    let verdict = match key.as_str() {
        "k" | "K" => Some(Mark::Keep),
        "x" | "X" => Some(Mark::Reject),
        "u" | "U" => None,
        "Escape" => return watch.picked.update(|picked| picked.clear()),
        _ => return,
    };
    if !watch.app.is_at_least(Role::Producer) {
        return;
    }
    let some = watch.picked.with_untracked(|picked| {
        if event.shift_key() {
            watch.order.with_untracked(|order| picked.range(at, order))
        } else if picked.has(at) {
            picked.iter().collect()
        } else {
            vec![at]
        }
    });
    watch.picked.update(|picked| picked.begin(at));
    mark(watch, some, verdict);
}

/// Gives a video the focus: at once where its cell is, else when it has been made.
fn go_to(watch: Watch, to: usize) {
    watch.held.set(Some(to));
    if !focus_on(to) {
        request_animation_frame(move || {
            focus_on(to);
        });
    }
}

fn focus_on(at: usize) -> bool {
    let found =
        document().and_then(|page| page.query_selector(&format!("[data-cell='{at}']")).ok()?);
    let cell = found.and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok());
    cell.is_some_and(|cell| cell.focus().is_ok())
}
