//! Batches, newest first.

use std::time::Duration;

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::head::meter;
use super::standing;
use crate::api::batches::{
    Batch, BatchConnection, BatchState, BatchesPage as Page, BatchesVariables,
};
use crate::board::Standing;
use crate::format::counted;
use crate::page::browser::clock::moment;
use crate::page::browser::title;
use crate::page::live::{When, live};
use crate::page::shell::{Glyph, Icon};
use crate::page::state::app;
use crate::words::Words;

/// Time between two looks while something is under way.
const LOOK: Duration = Duration::from_secs(5);
const STATES: [BatchState; 6] = [
    BatchState::Queued,
    BatchState::Processing,
    BatchState::Partial,
    BatchState::Completed,
    BatchState::Failed,
    BatchState::Cancelled,
];

/// The list.
#[component]
pub fn BatchesPage() -> impl IntoView {
    let app = app();
    let batches = RwSignal::new(None::<Vec<Batch>>);
    let after = RwSignal::new(None::<String>);
    let state = RwSignal::new(None::<BatchState>);
    let read = move |from: Option<String>| {
        spawn_local(async move {
            let first = from.is_none();
            let Some(wanted) = state.try_get_untracked() else { return };
            let variables =
                BatchesVariables { workspace: app.workspace(), state: wanted, after: from };
            let asked = Page::build(variables);
            let page = app.read::<_, _, BatchConnection>(asked, &["workspace", "batches"]);
            match page.await {
                Ok(page) if state.try_get_untracked() == Some(wanted) => {
                    after.try_set(
                        page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
                    );
                    batches.try_update(|all| match all {
                        Some(all) if !first => all.extend(page.nodes),
                        _ => *all = Some(page.nodes),
                    });
                }
                Ok(_) => {}
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    Effect::new(move |_| {
        state.track();
        read(None);
    });
    // A list that was continued is left as it is.
    let moves = move || {
        batches.with_untracked(|all| {
            let all = all.as_deref().unwrap_or_default();
            all.len() <= 20 && all.iter().any(|batch| batch.settled_at.is_none())
        })
    };
    let look = move || {
        if moves() {
            read(None);
        }
    };
    if let Ok(timer) = set_interval_with_handle(look, LOOK) {
        on_cleanup(move || timer.clear());
    }
    Effect::new(move |_| title(&format!("{} · Reelmill", app.words().watch.title)));
    let rows = move || {
        batches.get().map(|all| {
            if all.is_empty() {
                view! { <Nothing filtered=state.get().is_some() /> }.into_any()
            } else {
                let rows = all.into_iter().map(|batch| view! { <li><Row batch=batch /></li> });
                view! { <ul class="batch-list">{rows.collect_view()}</ul> }.into_any()
            }
        })
    };
    let option = move |own: BatchState| {
        view! { <option value=format!("{own:?}")>{app.t(word(own))}</option> }
    };
    view! {
        <header class="page-head">
            <h1>{app.t(|w| w.watch.title)}</h1>
            <div class="row">
                <select
                    class="input tiny-select"
                    aria-label=app.t(|w| w.watch.filter_state)
                    on:change=move |event| {
                        let wanted = event_target_value(&event);
                        state.set(STATES.into_iter().find(|own| format!("{own:?}") == wanted));
                    }
                >
                    <option value="">{app.t(|w| w.watch.all_states)}</option>
                    {STATES.map(option)}
                </select>
                <a class="button primary" href="/compose">
                    <Icon glyph=Glyph::Pen />
                    {app.t(|w| w.watch.new)}
                </a>
            </div>
        </header>
        <div aria-busy=move || batches.with(Option::is_none).to_string()>{rows}</div>
        <When holds=move || after.with(Option::is_some)>
            <p class="row">
                <button class="button" on:click=move |_| read(after.get_untracked())>
                    {app.t(|w| w.all.more)}
                </button>
            </p>
        </When>
    }
}

fn word(state: BatchState) -> fn(&'static Words) -> &'static str {
    match state {
        BatchState::Queued => |w| w.watch.queued,
        BatchState::Processing => |w| w.watch.processing,
        BatchState::Partial => |w| w.watch.partial,
        BatchState::Completed => |w| w.watch.completed,
        BatchState::Failed => |w| w.watch.failed,
        BatchState::Cancelled => |w| w.watch.cancelled,
    }
}

#[component]
fn Row(batch: Batch) -> impl IntoView {
    let app = app();
    let (words, class) = standing(Standing::of(&batch));
    let counts = batch.counts;
    let total = u128::try_from(counts.total).unwrap_or_default();
    let when = batch.created_at.0.clone();
    let about = live(move || {
        let language = app.language.get();
        let videos = counted(language, total, language.words().compose.sample_videos);
        format!("{} · {videos}", moment(&when, language))
    });
    view! {
        <a class="card batch-row" href=format!("/batches/{}", batch.id.inner()) data-batch=batch.id.inner().to_owned()>
            <div>
                <h2>{batch.name}</h2>
                <span class="dim small">{about}</span>
            </div>
            <span class=class>{app.t(words)}</span>
            {live(move || meter(counts, app.words(), "meter"))}
            <span class="num small dim">{format!("{} / {}", counts.delivered, counts.total)}</span>
        </a>
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let app = app();
    view! {
        <section class="empty">
            <Icon glyph=Glyph::Grid />
            <h2>{app.t(if filtered { |w| w.watch.none_state } else { |w| w.watch.none })}</h2>
            <When holds=move || !filtered>
                <p>{app.t(|w| w.watch.none_next)}</p>
                <a class="button primary" href="/compose">{app.t(|w| w.watch.new)}</a>
            </When>
        </section>
    }
}
