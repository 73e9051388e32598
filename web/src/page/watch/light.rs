//! One video at full size with everything that is known of it, and several side by side.

use cynic::QueryBuilder as _;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;

use super::cell::state_words;
use super::sheet::Sheet;
use super::state::{Watch, watch};
use crate::api::videos::{OneVideo, OneVideoVariables, Video, VideoState};
use crate::format::{bytes, counted, short_id};
use crate::page::browser::{copy, document};
use crate::page::live::live;
use crate::page::shell::{Glyph, Icon};
use crate::words::Language;

/// The open video.
#[component]
pub fn Light() -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        match (watch.open.get().is_some(), element.open()) {
            (true, false) => drop(element.show_modal()),
            (false, true) => element.close(),
            _ => {}
        }
    });
    let near = move |step: isize| {
        let now = watch.open.get()?;
        watch.order.with(|row| {
            let at = row.iter().position(|ordinal| *ordinal == now)?;
            row.get(at.checked_add_signed(step)?).copied()
        })
    };
    let go = move |step: isize| {
        if let Some(next) = untrack(move || near(step)) {
            watch.open.set(Some(next));
        }
    };
    let pressed = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" => go(-1),
            "ArrowRight" => go(1),
            _ => return,
        }
        event.prevent_default();
    };
    let state = Memo::new(move |_| {
        let ordinal = watch.open.get()?;
        watch.board.with(|board| board.get(ordinal).map(|tile| tile.state))
    });
    let video = RwSignal::new(None::<Video>);
    ask(watch, state, video);
    let named = move || {
        let told = watch.open.get().map(|at| watch.board.with(|board| board.told_apart(at)));
        told.unwrap_or_default()
    };
    let step = move |by: isize,
                     class: &'static str,
                     sign: &'static str,
                     label: fn(&'static crate::words::Words) -> &'static str| {
        view! {
            <button class=class aria-label=app.t(label) disabled=move || near(by).is_none() on:click=move |_| go(by)>
                {sign}
            </button>
        }
    };
    view! {
        <dialog
            class="light"
            node_ref=dialog
            aria-label=named
            on:close=move |_| watch.open.set(None)
            on:keydown=pressed
        >
            <div class="stage">
                <Stage state=state />
                {step(-1, "step back", "‹", |w| w.watch.previous)}
                {step(1, "step forth", "›", |w| w.watch.next)}
            </div>
            <div class="facts">{live(move || video.get().map(|video| facts(watch, &video, app.language.get())))}</div>
        </dialog>
    }
}

/// Asks for everything that is known of the open video, again whenever its state changes. Until it
/// comes, what is known of it as far as it is the same video stays.
fn ask(watch: Watch, state: Memo<Option<VideoState>>, video: RwSignal<Option<Video>>) {
    Effect::new(move |_| {
        state.track();
        let id = watch.open.get().and_then(|at| watch.ids(&[at]).pop());
        let Some(id) = id else { return };
        spawn_local(async move {
            let workspace = watch.app.workspace();
            let asked = OneVideo::build(OneVideoVariables { workspace, video: id.clone() });
            match watch.app.read(asked, &["workspace", "video"]).await {
                Ok(answer) => {
                    let open = watch.open.try_get_untracked().flatten();
                    if open.is_some_and(|at| watch.ids(&[at]).contains(&id)) {
                        video.try_set(Some(answer));
                    }
                }
                Err(refusal) => watch.app.complain(&refusal),
            }
        });
    });
}

/// The picture: made again only for another file, not for every event of the batch.
#[component]
fn Stage(state: Memo<Option<VideoState>>) -> impl IntoView {
    let watch = watch();
    let app = watch.app;
    let link = Memo::new(move |_| watch.links.of(watch.open.get()?));
    Effect::new(move |_| {
        if let (Some(VideoState::Delivered), Some(at)) = (state.get(), watch.open.get()) {
            watch.links.want(at);
        }
    });
    live(move || match (link.get(), state.get()) {
        (Some(link), _) => view! {
            <video
                data-stage
                src=link.url
                poster=link.poster_url
                controls=""
                autoplay=""
                loop=""
                muted=""
                playsinline=""
                tabindex="0"
            ></video>
        }
        .into_any(),
        (None, Some(state)) => view! { <p>{state_words(state)(app.words())}</p> }.into_any(),
        (None, None) => ().into_any(),
    })
}

fn facts(watch: Watch, video: &Video, language: Language) -> impl IntoView + use<> {
    let words = language.words();
    let link = usize::try_from(video.ordinal).ok().and_then(|at| watch.links.of(at));
    let download = link.map(|link| {
        view! {
            <a class="button primary" href=format!("{}?download", link.url) rel="external" download="">
                <Icon glyph=Glyph::Download />
                {words.watch.download}
            </a>
        }
    });
    let error = video.error.clone().map(|error| {
        view! {
            <div class="note bad stack-tight">
                <b>{error.message} " " <span class="nowrap">{format!("({})", words.watch.not_charged)}</span></b>
                <span>{words.watch.next_step} ": " {error.next_step}</span>
                <code>{error.code}</code>
            </div>
        }
    });
    let hue = |place: usize| format!("chip hue-{}", place % 6);
    let bound = video.values.iter().enumerate().map(|(place, bound)| {
        view! { <li class=hue(place)><span>{format!("{}: {}", bound.name, bound.value)}</span></li> }
    });
    let bound = bound.collect_view();
    let price = watch.batch.with_untracked(|b| b.as_ref().and_then(|batch| batch.price_per_video));
    let cost = match video.state {
        VideoState::Delivered => price.map(|price| credits(price.0, language)),
        VideoState::Failed | VideoState::Cancelled => Some(words.watch.not_charged.to_owned()),
        _ => None,
    };
    let size = video
        .asset
        .as_ref()
        .map(|asset| format!("{}×{} · {}", asset.width, asset.height, bytes(asset.bytes.0)));
    let line = |name: &'static str, text: Option<String>| {
        text.map(|text| view! { <dt>{name}</dt> <dd class="num">{text}</dd> })
    };
    let id = video.id.inner().to_owned();
    let short = short_id(&id);
    let app = watch.app;
    view! {
        <div class="spread">
            <span class="row">
                <b class="num">{format!("#{}", video.ordinal + 1)}</b>
                <span class="badge">{state_words(video.state)(words)}</span>
            </span>
            <button class="button ghost icon" aria-label=words.all.close on:click=move |_| watch.open.set(None)>
                "✕"
            </button>
        </div>
        {error}
        <p>{video.prompt.clone()}</p>
        <ul class="row">{bound}</ul>
        <dl>
            {line(words.watch.cost, cost)}
            {line(words.watch.seed, Some(video.seed.0.to_string()))}
            {line(words.watch.size, size)}
            {line(words.watch.attempts, Some(video.attempt.to_string()))}
            <dt>{words.watch.id}</dt>
            <dd>
                <button
                    class="button ghost tiny mono"
                    title=id.clone()
                    on:click=move |_| {
                        copy(&id);
                        app.say(app.words_now().all.copied);
                    }
                >
                    {short}
                </button>
            </dd>
        </dl>
        {download}
    }
}

/// `1 credit`, `12 credits`.
fn credits(n: i64, language: Language) -> String {
    counted(language, u128::try_from(n).unwrap_or_default(), language.words().all.credits)
}

/// Several videos that play together.
#[component]
pub fn Compare() -> impl IntoView {
    let watch = watch();
    view! {
        <Sheet open=watch.comparing class="compare" id="compare-title" title=|w| w.watch.compare>
            {panes(watch)}
        </Sheet>
    }
}

fn panes(watch: Watch) -> impl IntoView {
    let app = watch.app;
    let some: Vec<usize> = watch.picked.with_untracked(|picked| picked.iter().collect());
    for at in &some {
        watch.links.want(*at);
    }
    let pane = move |ordinal: usize| {
        let text = watch.board.with_untracked(|board| board.told_apart(ordinal));
        let label = text.clone();
        let moving = live(move || {
            let link = watch.links.of(ordinal)?;
            Some(view! {
                <video
                    data-compared
                    src=link.url
                    poster=link.poster_url
                    muted=""
                    loop=""
                    autoplay=""
                    playsinline=""
                    aria-label=label.clone()
                ></video>
            })
        });
        view! {
            <figure class="stack-tight">
                {moving} <figcaption class="small">{format!("#{} {text}", ordinal + 1)}</figcaption>
            </figure>
        }
    };
    view! {
        <div class="row">
            <button class="button tiny" data-together on:click=|_| together(true)>
                {app.t(|w| w.watch.play_all)}
            </button>
            <button class="button tiny" on:click=|_| together(false)>
                {app.t(|w| w.watch.pause_all)}
            </button>
        </div>
        <div class="compare-grid">{some.into_iter().map(pane).collect_view()}</div>
    }
}

/// Starts every compared video from its beginning, or stops them all.
fn together(play: bool) {
    let found = document().and_then(|page| page.query_selector_all("[data-compared]").ok());
    let Some(found) = found else { return };
    for place in 0..found.length() {
        let node =
            found.item(place).and_then(|node| node.dyn_into::<web_sys::HtmlVideoElement>().ok());
        let Some(video) = node else { continue };
        if play {
            video.set_current_time(0.0);
            drop(video.play());
        } else {
            let _ = video.pause();
        }
    }
}
