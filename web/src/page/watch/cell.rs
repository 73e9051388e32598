//! One video in a grid: its picture when there is one, else what it is at.

use leptos::prelude::*;

use super::state::watch;
use crate::api::videos::{Video, VideoState};
use crate::board::Axis;
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

/// The values that tell a video from the others of its batch.
pub fn values(video: &Video) -> String {
    let values: Vec<_> = video.values.iter().map(|bound| bound.value.as_str()).collect();
    values.join(" · ")
}

/// The values that differ within the batch; all of them where none does.
fn told_apart(video: &Video, varied: &[Axis]) -> String {
    let differs = |name: &str| varied.iter().any(|axis| axis.name == name);
    let bound = video.values.iter().filter(|bound| differs(&bound.name));
    let own: Vec<_> = bound.map(|bound| bound.value.as_str()).collect();
    if own.is_empty() { values(video) } else { own.join(" · ") }
}

/// A cell. It plays while it is pointed at or has the focus.
#[component]
pub fn Cell(ordinal: usize) -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let video = Memo::new(move |_| watch.board.with(|board| board.get(ordinal).cloned()));
    let playing = RwSignal::new(false);
    let state = Memo::new(move |_| video.with(|v| v.as_ref().map(|video| video.state)));
    let id = Memo::new(move |_| {
        video.with(|v| v.as_ref().map(|video| video.id.inner().to_owned())).unwrap_or_default()
    });
    Effect::new(move |_| {
        if state.get() == Some(VideoState::Delivered) {
            watch.links.want(&id.get_untracked());
        }
    });
    let link = Memo::new(move |_| id.with(|id| watch.links.of(id)));
    let told = live(move || {
        let varied = watch.varied.get();
        video.with(|v| v.as_ref().map(|video| told_apart(video, &varied)))
    });
    let picture = live(move || {
        let Some(link) = link.get() else { return view! { <Waiting state=state /> }.into_any() };
        let still = link.poster_url.clone();
        let moving = live(move || {
            playing.get().then(|| {
                view! { <video src=link.url.clone() muted="" autoplay="" loop="" playsinline="" aria-hidden="true"></video> }
            })
        });
        view! {
            <img src=still alt="" loading="lazy" decoding="async" />
            <span class="sr">{app.t(|w| w.watch.video_delivered)}</span>
            {moving}
        }
        .into_any()
    });
    view! {
        <div class="cell-box">
            <button
                class="cell"
                class:failed=move || state.get() == Some(VideoState::Failed)
                data-cell=ordinal
                data-state=move || state.get().map(|state| format!("{state:?}"))
                on:click=move |_| watch.open.set(Some(ordinal))
                on:mouseenter=move |_| playing.set(true)
                on:mouseleave=move |_| playing.set(false)
                on:focus=move |_| playing.set(true)
                on:blur=move |_| playing.set(false)
            >
                <span class="frame">
                    {picture} <span class="index num">{ordinal + 1}</span>
                </span>
                <span class="caption"><span>{told}</span></span>
            </button>
            <Pick ordinal=ordinal state=state />
        </div>
    }
}

#[component]
fn Pick(ordinal: usize, state: Memo<Option<VideoState>>) -> impl IntoView {
    let watch = watch();
    let label = move || format!("{} {}", watch.app.words().watch.pick, ordinal + 1);
    view! {
        <When holds=move || state.get() == Some(VideoState::Delivered)>
            <label class="cell-pick">
                <span class="sr">{label}</span>
                <input
                    type="checkbox"
                    prop:checked=move || watch.picked.with(|picked| picked.contains(&ordinal))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        watch.picked.update(|picked| {
                            picked.retain(|known| *known != ordinal);
                            if on {
                                picked.push(ordinal);
                            }
                            let over = picked.len().saturating_sub(4);
                            picked.drain(..over);
                        });
                    }
                />
            </label>
        </When>
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
