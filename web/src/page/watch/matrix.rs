//! A batch as a table: one variable across, one down, pages by the others. It is scrolled within
//! itself, so that the names of columns and rows stay in sight.

use leptos::prelude::*;

use super::cell::Cell;
use super::hands;
use super::sight::{Looking, Scrolls, px, rem};
use super::state::{Watch, watch};
use crate::board::Pane;
use crate::page::live::{each, live};
use crate::page::shell::{Glyph, Icon};
use crate::words::{Words, fill};

/// The table with its choices.
#[component]
pub fn Table() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let swap = move |_| {
        let (across, down) = watch.axes.get_untracked();
        watch.lay((down, across));
    };
    view! {
        <div class="toolbar">
            {live(move || choice(watch, true))} {live(move || choice(watch, false))}
            <button class="button tiny" data-swap on:click=swap>
                <Icon glyph=Glyph::Swap />
                {app.t(|w| w.watch.swap)}
            </button>
            {live(move || others(watch))}
        </div>
        <Grid />
    }
}

/// Chooses the variable of the columns, or of the rows.
fn choice(watch: Watch, is_across: bool) -> impl IntoView {
    let label: fn(&'static Words) -> &'static str =
        if is_across { |w| w.watch.columns } else { |w| w.watch.rows };
    let (across, down) = watch.axes.get();
    let (own, other) = if is_across { (across, down) } else { (down, across) };
    let names = watch.varied.get().into_iter().map(|axis| axis.name);
    let options = names.enumerate().map(move |(place, name)| {
        view! { <option value=place.to_string() selected=own == Some(place)>{name}</option> }
    });
    view! {
        <label class="row small">
            <span class="dim">{watch.app.t(label)}</span>
            <select
                class="input tiny-select"
                on:change=move |event| {
                    let wanted: Option<usize> = event_target_value(&event).parse().ok();
                    // Who takes the other's variable leaves its own.
                    let other = if other == wanted { own } else { other };
                    watch.fixed.set(Default::default());
                    watch.lay(if is_across { (wanted, other) } else { (other, wanted) });
                }
            >
                {options.collect_view()}
            </select>
        </label>
    }
}

/// Fixes the variables that are neither across nor down.
fn others(watch: Watch) -> impl IntoView {
    let (across, down) = watch.axes.get();
    let free = watch.varied.get().into_iter().enumerate();
    let free = free.filter(|(place, _)| across != Some(*place) && down != Some(*place));
    let choose = move |axis: crate::board::Axis| {
        let label = fill(watch.app.words().watch.any, &[("name", &axis.name)]);
        let options = axis.values.into_iter();
        let options = options.map(|value| (value.clone(), value)).collect();
        let set = move |value: String| {
            watch.fixed.update(|all| {
                all.remove(&axis.name);
                if !value.is_empty() {
                    all.insert(axis.name.clone(), value);
                }
            });
        };
        super::tools::select(&label, options, Box::new(set))
    };
    free.map(|(_, axis)| choose(axis)).collect_view()
}

/// The pane: made again when videos stand elsewhere, which they do not while they are made.
#[component]
fn Grid() -> impl IntoView {
    let watch = watch();
    let looking = Looking::new(Scrolls::Itself);
    let rem = rem();
    let next = move |at: usize, step| watch.matrix.with_untracked(|matrix| matrix.step(at, step));
    let pane = Memo::new(move |_| {
        let room = looking.sight.get().room.0;
        watch.matrix.with(|matrix| {
            let columns = matrix.cells.first().map_or(0, Vec::len);
            Pane::of(rem, watch.shape.get(), matrix.most(), (room, columns))
        })
    });
    let table = live(move || {
        watch.matrix.track();
        looking.look();
        table(watch, looking, pane.get())
    });
    view! {
        <div
            class="matrix-pane"
            tabindex="0"
            role="region"
            aria-label=watch.app.t(|w| w.watch.matrix)
            node_ref=looking.node
            on:scroll=move |_| looking.look()
            on:click=move |event| hands::pressed(watch, &event)
            on:keydown=move |event| hands::keyed(watch, &event, next)
            on:mouseover=move |event| watch.point(&event)
            on:mouseleave=move |_| watch.playing.set(None)
            on:focusin=move |event| watch.hold(&event)
            on:focusout=move |_| watch.playing.set(None)
        >
            {table}
        </div>
    }
}

fn table(watch: Watch, looking: Looking, pane: Pane) -> impl IntoView + use<> {
    let (across, down) = watch.names();
    let size = (across.len(), down.len());
    let (width, height) = pane.place(size.0, size.1);
    let seen = Memo::new(move |_| {
        let sight = looking.sight.get();
        pane.seen(sight.from, sight.room, size)
    });
    let held = Memo::new(move |_| {
        let held = watch.held.get()?;
        watch.matrix.with_untracked(|matrix| matrix.place(held))
    });
    let columns = StoredValue::new(across);
    let rows = StoredValue::new(down);
    let name = move |names: StoredValue<Vec<String>>, at: usize| {
        names.with_value(|names| names.get(at).cloned()).unwrap_or_default()
    };
    let head = move |(_, column): (usize, usize)| {
        column_name(pane, column, name(columns, column)).into_any()
    };
    let cell = move |(row, column): (usize, usize)| {
        view! {
            <div
                role="cell"
                aria-colindex=column + 2
                class="matrix-cell"
                style:left=px(pane.place(column, 0).0)
                style:width=px(pane.cell.0)
            >
                {pictures(watch, (row, column), pane)}
            </div>
        }
        .into_any()
    };
    let row = move |(_, row): (usize, usize)| {
        let cells = move || {
            let range = seen.get().0;
            let held = held.get().filter(|(own, at)| *own == row && !range.contains(at));
            range.chain(held.map(|(_, at)| at)).map(|column| (row, column)).collect()
        };
        view! {
            <div
                role="row"
                aria-rowindex=row + 2
                class="matrix-row"
                style:top=px(pane.place(0, row).1)
                style:height=px(pane.cell.1)
            >
                <div
                    role="rowheader"
                    aria-colindex="1"
                    title=name(rows, row)
                    style:width=px(pane.head.0 - 8)
                >
                    <span>{name(rows, row)}</span>
                </div>
                {each(cells, cell)}
            </div>
        }
        .into_any()
    };
    let shown = move || {
        let range = seen.get().1;
        let held = held.get().map(|(row, _)| row).filter(|row| !range.contains(row));
        range.chain(held).map(|row| (0, row)).collect()
    };
    view! {
        <div
            role="table"
            class="matrix"
            data-matrix
            aria-label=watch.app.t(|w| w.watch.matrix)
            aria-rowcount=size.1 + 1
            aria-colcount=size.0 + 1
            style:width=px(width)
            style:height=px(height)
        >
            <div role="row" aria-rowindex="1" class="matrix-head" style:height=px(pane.head.1)>
                <div role="cell" aria-colindex="1" class="matrix-corner" style:width=px(pane.head.0 - 8)></div>
                {each(move || seen.get().0.map(|column| (0, column)).collect(), head)}
            </div>
            {each(shown, row)}
        </div>
    }
}

fn column_name(pane: Pane, column: usize, name: String) -> impl IntoView {
    let title = name.clone();
    view! {
        <div
            role="columnheader"
            aria-colindex=column + 2
            title=title
            style:left=px(pane.place(column, 0).0)
            style:width=px(pane.cell.0)
        >
            <span>{name}</span>
        </div>
    }
}

/// The videos of one cell, as many as there is room for.
fn pictures(watch: Watch, (row, column): (usize, usize), pane: Pane) -> impl IntoView + use<> {
    let here = watch.matrix.with_untracked(|matrix| {
        matrix.cells.get(row).and_then(|row| row.get(column)).cloned().unwrap_or_default()
    });
    let more = here.len().saturating_sub(pane.shown);
    let more = (more > 0).then(|| {
        let text = fill(watch.app.words_now().collect.more_n, &[("n", &more)]);
        view! { <span class="more num">{text}</span> }
    });
    let one = move |(at, ordinal): (usize, usize)| {
        let (left, top) = pane.inside(at);
        view! {
            <div
                class="cell-box"
                style:translate=format!("{left}px {top}px")
                style:width=px(pane.picture.0)
                style:height=px(pane.picture.1)
            >
                <Cell ordinal=ordinal />
            </div>
        }
    };
    view! { {here.into_iter().take(pane.shown).enumerate().map(one).collect_view()} {more} }
}
