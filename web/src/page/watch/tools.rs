//! What is shown, in which order, and what is done with all of it or with what was picked.

use leptos::prelude::*;

use super::collect::{download, mark, picked};
use super::share::Shares;
use super::state::{Layout, Watch, watch};
use super::trail::Deeds;
use crate::api::scalars::Role;
use crate::api::videos::Mark;
use crate::board::{Kind, Marked, Sort};
use crate::page::live::{When, live};
use crate::page::shell::{Glyph, Icon};
use crate::words::{Words, fill};

/// A choice among texts; the first one, which is its name, stands for none.
pub fn select(
    label: &str,
    options: Vec<(String, String)>,
    set: Box<dyn Fn(String)>,
) -> impl IntoView + use<> {
    let options = options.into_iter();
    let options = options.map(|(value, text)| view! { <option value=value>{text}</option> });
    view! {
        <select
            class="input tiny-select"
            aria-label=label.to_owned()
            on:change=move |event| set(event_target_value(&event))
        >
            <option value="">{label.to_owned()}</option>
            {options.collect_view()}
        </select>
    }
}

/// Gallery or matrix; what of it; what is done with it.
#[component]
pub fn Tools() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let way = move |own: Layout, words: fn(&'static Words) -> &'static str, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="layout"
                    value=name
                    prop:checked=move || watch.layout.get() == own
                    on:change=move |_| watch.layout.set(own)
                />
                {app.t(words)}
            </label>
        }
    };
    view! {
        <div class="toolbar">
            <fieldset>
                <legend class="sr">{app.t(|w| w.watch.view)}</legend>
                <div class="segments">
                    {way(Layout::Gallery, |w| w.watch.gallery, "gallery")}
                    {way(Layout::Matrix, |w| w.watch.matrix, "matrix")}
                </div>
            </fieldset>
            <When holds=move || watch.layout.get() == Layout::Gallery>
                {live(move || filters(watch))}
            </When>
            <span class="push"></span>
            <Collect />
        </div>
    }
}

fn word(kind: Kind) -> fn(&'static Words) -> &'static str {
    match kind {
        Kind::Delivered => |w| w.watch.video_delivered,
        Kind::Open => |w| w.watch.open_n,
        Kind::Failed => |w| w.watch.video_failed,
        Kind::Cancelled => |w| w.watch.video_cancelled,
    }
}

fn filters(watch: Watch) -> impl IntoView {
    let words = watch.app.words();
    let axes = watch.varied.get();
    // A filter that was set is not shown as one that is not.
    watch.filter.set(Default::default());
    let kinds = Kind::ALL.map(|kind| (format!("{kind:?}"), word(kind)(words).to_owned()));
    let by_kind = move |wanted: String| {
        let kind = Kind::ALL.into_iter().find(|kind| format!("{kind:?}") == wanted);
        watch.filter.update(|filter| filter.kind = kind);
    };
    let marks = Marked::ALL.map(|mark| {
        let text = match mark {
            Marked::Keep => words.collect.kept,
            Marked::Reject => words.collect.rejected,
            Marked::Not => words.collect.not_marked,
        };
        (format!("{mark:?}"), text.to_owned())
    });
    let by_mark = move |wanted: String| {
        let mark = Marked::ALL.into_iter().find(|mark| format!("{mark:?}") == wanted);
        watch.filter.update(|filter| filter.mark = mark);
    };
    let mut sorts = vec![
        ("state:".to_owned(), words.collect.sort_state.to_owned()),
        ("mark:".to_owned(), words.collect.sort_mark.to_owned()),
    ];
    sorts.extend(
        axes.iter().take(4).map(|axis| {
            (axis.name.clone(), fill(words.collect.sort_value, &[("name", &axis.name)]))
        }),
    );
    let by_sort = move |wanted: String| {
        let sort = match wanted.as_str() {
            "" => Sort::Order,
            "state:" => Sort::State,
            "mark:" => Sort::Mark,
            _ => Sort::Value(wanted),
        };
        watch.filter.update(|filter| filter.sort = sort);
    };
    let by_value = move |axis: crate::board::Axis| {
        let label = fill(words.watch.any, &[("name", &axis.name)]);
        let options = axis.values.into_iter().map(|value| (value.clone(), value)).collect();
        let name = axis.name;
        let set = move |value: String| {
            let value = Some(value).filter(|value| !value.is_empty());
            watch.filter.update(|filter| filter.set(&name, value));
        };
        select(&label, options, Box::new(set))
    };
    view! {
        <span class="row" data-filters>
            {select(words.watch.all_states, kinds.to_vec(), Box::new(by_kind))}
            {select(words.collect.any_mark, marks.to_vec(), Box::new(by_mark))}
            {axes.into_iter().take(4).map(by_value).collect_view()}
            {select(words.collect.sort_order, sorts, Box::new(by_sort))}
        </span>
    }
}

/// What is done with all of the batch.
#[component]
fn Collect() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let (sharing, telling) = (watch.sharing, RwSignal::new(false));
    let any =
        move || watch.batch.with(|b| b.as_ref().is_some_and(|batch| batch.counts.delivered > 0));
    let kept = Memo::new(move |_| watch.board.with(|board| board.marked(Mark::Keep)));
    let is_producer = move || app.is_at_least(Role::Producer);
    view! {
        <When holds=any>
            <When holds=move || { kept.get() > 0 }>
                <button class="button tiny" data-zip="kept" on:click=move |_| download(watch, None, true)>
                    <Icon glyph=Glyph::Download />
                    {live(move || fill(app.words().collect.zip_kept, &[("n", &kept.get())]))}
                </button>
            </When>
            <button class="button tiny" data-zip="all" on:click=move |_| download(watch, None, false)>
                <Icon glyph=Glyph::Download />
                {app.t(|w| w.collect.zip_all)}
            </button>
            <When holds=is_producer>
                <button class="button tiny" data-share on:click=move |_| sharing.set(true)>
                    {app.t(|w| w.collect.share)}
                </button>
            </When>
        </When>
        <When holds=is_producer>
            <button class="button tiny ghost" data-trail on:click=move |_| telling.set(true)>
                {app.t(|w| w.collect.trail)}
            </button>
            <Shares open=sharing />
            <Deeds open=telling />
        </When>
    }
}

/// What is done with what was picked.
#[component]
pub fn PickedBar() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let count = Memo::new(move |_| watch.picked.with(|picked| picked.len()));
    let all = Memo::new(move |_| watch.order.with(Vec::len));
    let counted = move |words: fn(&'static Words) -> &'static str, n: Memo<usize>| {
        live(move || fill(words(app.words()), &[("n", &n.get())]))
    };
    let verdict =
        move |own: Option<Mark>, class: &'static str, name: &'static str, key: &'static str| {
            let words: fn(&'static Words) -> &'static str = match own {
                Some(Mark::Keep) => |w| w.collect.keep,
                Some(Mark::Reject) => |w| w.collect.reject,
                None => |w| w.collect.unmark,
            };
            view! {
                <button
                    class=class
                    data-verdict=name
                    aria-keyshortcuts=key
                    on:click=move |_| mark(watch, picked(watch), own)
                >
                    {app.t(words)}
                    <kbd aria-hidden="true">{key}</kbd>
                </button>
            }
        };
    view! {
        <When holds=move || { count.get() > 0 }>
            <div class="picked-bar card" role="region" aria-label=app.t(|w| w.collect.picked_bar) data-picked=count>
                <b role="status" class="num">{counted(|w| w.collect.picked_n, count)}</b>
                <When holds=move || { count.get() < all.get() }>
                    <button
                        class="button tiny ghost"
                        data-pick-all
                        on:click=move |_| watch.order.with_untracked(|all| watch.picked.update(|picked| picked.add(all)))
                    >
                        {counted(|w| w.collect.pick_all, all)}
                    </button>
                </When>
                <When holds=move || app.is_at_least(Role::Producer)>
                    {verdict(Some(Mark::Keep), "button tiny good", "Keep", "K")}
                    {verdict(Some(Mark::Reject), "button tiny danger", "Reject", "X")}
                    {verdict(None, "button tiny ghost", "None", "U")}
                </When>
                <span class="push"></span>
                <When holds=move || (2..=4).contains(&count.get())>
                    <button class="button tiny" data-compare on:click=move |_| watch.comparing.set(true)>
                        {counted(|w| w.watch.compare_n, count)}
                    </button>
                </When>
                <button class="button tiny primary" data-zip="picked" on:click=move |_| download(watch, Some(picked(watch)), false)>
                    <Icon glyph=Glyph::Download />
                    {counted(|w| w.collect.zip_n, count)}
                </button>
                <button
                    class="button tiny ghost icon"
                    aria-label=move || app.words().collect.clear
                    data-pick-none
                    on:click=move |_| watch.picked.update(|picked| picked.clear())
                >
                    "✕"
                </button>
            </div>
        </When>
    }
}
