//! A batch as a table: one variable across, one down, pages by the others.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::cell::Cell;
use super::state::watch;
use crate::board::{Axis, matrix};
use crate::page::live::live;
use crate::page::shell::{Glyph, Icon};
use crate::words::fill;

/// Cells that are made at once.
const MOST: usize = 600;

/// The table with its choices.
#[component]
pub fn Table(varied: Memo<Vec<Axis>>) -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    // The longer of the first two axes goes down.
    let first = varied.with_untracked(|axes| match axes.as_slice() {
        [a, b, ..] if a.values.len() >= b.values.len() => (Some(1), Some(0)),
        [_, _, ..] => (Some(0), Some(1)),
        [_] => (Some(0), None),
        [] => (None, None),
    });
    let (across, down) = (RwSignal::new(first.0), RwSignal::new(first.1));
    let fixed = RwSignal::new(BTreeMap::<String, String>::new());
    let axis = move |at: RwSignal<Option<usize>>| {
        move || at.get().and_then(|at| varied.with(|axes| axes.get(at).cloned()))
    };
    let choice = move |at: RwSignal<Option<usize>>,
                       other: RwSignal<Option<usize>>,
                       label: fn(&'static crate::words::Words) -> &'static str| {
        let options = live(move || {
            let name = |(place, axis): (usize, Axis)| {
                view! { <option value=place.to_string() selected=move || at.get() == Some(place)>{axis.name}</option> }
            };
            varied.get().into_iter().enumerate().map(name).collect_view()
        });
        view! {
            <label class="row small">
                <span class="dim">{app.t(label)}</span>
                <select
                    class="input tiny-select"
                    on:change=move |event| {
                        let wanted = event_target_value(&event).parse().ok();
                        if other.get_untracked() == wanted {
                            other.set(at.get_untracked());
                        }
                        at.set(wanted);
                        fixed.set(BTreeMap::new());
                    }
                >
                    {options}
                </select>
            </label>
        }
    };
    let others = live(move || {
        let axes = varied.get();
        let free = axes
            .into_iter()
            .enumerate()
            .filter(|(place, _)| across.get() != Some(*place) && down.get() != Some(*place));
        free.map(|(_, axis)| page(axis, fixed)).collect_view()
    });
    let swap = move |_| {
        let (a, b) = (across.get_untracked(), down.get_untracked());
        across.set(b);
        down.set(a);
    };
    view! {
        <div class="toolbar">
            {choice(across, down, |w| w.watch.columns)} {choice(down, across, |w| w.watch.rows)}
            <button class="button tiny" data-swap on:click=swap>
                <Icon glyph=Glyph::Swap />
                {app.t(|w| w.watch.swap)}
            </button>
            {others}
        </div>
        <div class="table-wrap" tabindex="0" role="region" aria-label=app.t(|w| w.watch.matrix)>
            {live(move || grid(axis(across)(), axis(down)(), &fixed.get()))}
        </div>
    }
}

/// Fixes one of the other variables.
fn page(axis: Axis, fixed: RwSignal<BTreeMap<String, String>>) -> impl IntoView {
    let app = watch().app;
    let label = fill(app.words().watch.any, &[("name", &axis.name)]);
    let name = axis.name;
    let options = axis.values.into_iter();
    let options =
        options.map(|value| view! { <option value=value.clone()>{value.clone()}</option> });
    view! {
        <select
            class="input tiny-select"
            aria-label=label.clone()
            on:change=move |event| {
                let value = event_target_value(&event);
                fixed.update(|all| {
                    all.remove(&name);
                    if !value.is_empty() {
                        all.insert(name.clone(), value);
                    }
                });
            }
        >
            <option value="">{label.clone()}</option>
            {options.collect_view()}
        </select>
    }
}

/// Which videos stand where does not change while they are made, so it is read once.
fn grid(
    across: Option<Axis>,
    down: Option<Axis>,
    fixed: &BTreeMap<String, String>,
) -> impl IntoView + use<> {
    let watch = watch();
    let made =
        watch.board.with_untracked(|board| matrix(board, across.as_ref(), down.as_ref(), fixed));
    let names = across.map_or_else(|| vec![String::new()], |axis| axis.values);
    let head = names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    let rows = down.map_or_else(|| vec![String::new()], |axis| axis.values);
    let mut left = MOST;
    let mut cell = |ordinals: Vec<usize>| {
        let shown = ordinals.len().min(left);
        left -= shown;
        let cells =
            ordinals.into_iter().take(shown).map(|ordinal| view! { <Cell ordinal=ordinal /> });
        view! { <td><div class="stacked">{cells.collect_view()}</div></td> }
    };
    let body = rows.into_iter().zip(made.cells).map(|(name, row)| {
        let cells = row.into_iter().map(&mut cell).collect_view();
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    });
    let body = body.collect_view();
    view! {
        <table class="matrix" data-matrix>
            <thead><tr><td></td>{head}</tr></thead>
            <tbody>{body}</tbody>
        </table>
    }
}
