//! One video in a grid: its picture when there is one, else what it is at.
//!
//! A cell has no handlers of its own: the grid hears for all of them (`hands`).

use leptos::prelude::*;

use super::state::watch;
use crate::api::videos::{Mark, VideoState};
use crate::page::live::{When, live};
use crate::words::Words;

/// The words for a state.
pub fn state_words(state: VideoState) -> fn(&'static Words) -> &'static str {
    match state {
        VideoState::Queued => |w| w.watch.video_queued,
        VideoState::Submitting => |w| w.watch.video_submitting,
        VideoState::Rendering => |w| w.watch.video_rendering,
        VideoState::Storing => |w| w.watch.video_storing,
        VideoState::Delivered => |w| w.watch.video_delivered,
        VideoState::Failed => |w| w.watch.video_failed,
        VideoState::Cancelled => |w| w.watch.video_cancelled,
        VideoState::OutcomeUnknown => |w| w.watch.video_unknown,
    }
}

/// A cell. It plays while it is pointed at or has the focus.
#[component]
pub fn Cell(ordinal: usize) -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let look = Memo::new(move |_| {
        watch.board.with(|board| board.get(ordinal).map(|tile| (tile.state, tile.mark)))
    });
    let state = Memo::new(move |_| look.get().map(|(state, _)| state));
    // What was there when the cell was made need not appear: it only came into sight.
    let appears = look.with_untracked(|look| look.is_none_or(|(s, _)| s != VideoState::Delivered));
    Effect::new(move |_| {
        if state.get() == Some(VideoState::Delivered) {
            watch.links.want(ordinal);
        }
    });
    on_cleanup(move || watch.links.leave(ordinal));
    let link = Memo::new(move |_| watch.links.of(ordinal));
    let plays = Memo::new(move |_| watch.playing.get() == Some(ordinal));
    let told = live(move || {
        watch.varied.track();
        look.track();
        watch.board.with_untracked(|board| board.told_apart(ordinal))
    });
    let picture = live(move || {
        let Some(link) = link.get() else { return view! { <Waiting state=state /> }.into_any() };
        let moving = live(move || {
            plays.get().then(|| {
                view! { <video src=link.url.clone() muted="" autoplay="" loop="" playsinline="" aria-hidden="true"></video> }
            })
        });
        view! {
            <img class:appears=appears src=link.poster_url.clone() alt="" decoding="async" />
            <span class="sr">{app.t(|w| w.watch.video_delivered)}</span>
            {moving}
        }
        .into_any()
    });
    let marked = live(move || {
        let (word, class) = match look.get()?.1? {
            Mark::Keep => (app.words().collect.kept, "mark good"),
            Mark::Reject => (app.words().collect.rejected, "mark bad"),
        };
        Some(view! { <span class=class>{word}</span> })
    });
    view! {
        <button
            class="cell"
            class:failed=move || state.get() == Some(VideoState::Failed)
            class:rejected=move || look.get().is_some_and(|(_, mark)| mark == Some(Mark::Reject))
            data-cell=ordinal
            data-state=move || state.get().map(|state| format!("{state:?}"))
            data-mark=move || look.get().and_then(|(_, mark)| mark).map(|mark| format!("{mark:?}"))
        >
            <span class="frame">
                {picture} <span class="index num">{ordinal + 1}</span> {marked}
            </span>
            <span class="caption"><span>{told}</span></span>
        </button>
        <label class="cell-pick">
            <span class="sr">{move || format!("{} {}", app.words().watch.pick, ordinal + 1)}</span>
            <input
                type="checkbox"
                data-pick=ordinal
                prop:checked=move || watch.picked.with(|picked| picked.has(ordinal))
            />
        </label>
    }
}

#[component]
fn Waiting(state: Memo<Option<VideoState>>) -> impl IntoView {
    let app = watch().app;
    let busy = move || {
        matches!(
            state.get(),
            Some(VideoState::Submitting | VideoState::Rendering | VideoState::Storing)
        )
    };
    view! {
        <When holds=busy>
            <span class="glow" aria-hidden="true"></span>
        </When>
        <span class="state" class:bad=move || state.get() == Some(VideoState::Failed)>
            {live(move || state.get().map(|state| state_words(state)(app.words())))}
        </span>
    }
}
