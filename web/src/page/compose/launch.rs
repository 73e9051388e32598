//! The launch: the button, the keys, the question before very many videos.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::pricing;
use super::state::{Form, form};
use crate::api::quotes::{
    LaunchBatch, LaunchBatchInput, LaunchBatchVariables, PilotInput, Quote, StopLossInput,
};
use crate::api::refusal::Refusal;
use crate::format::{counted, whole};
use crate::page::browser::{composes, kept};
use crate::page::live::live;
use crate::page::shell::{Ask, Glyph, Icon};
use crate::page::way::way;
use crate::words::fill;

/// From so many videos on a launch is asked about.
const MANY: i32 = 200;

/// Why the form cannot be launched, or the quote that can.
fn ready(form: Form) -> Result<Quote, String> {
    let words = form.app.words();
    if form.look.with(|look| !look.mistakes().is_empty()) {
        return Err(words.compose.fix_first.to_owned());
    }
    if form.look.with(|look| look.count().is_none()) {
        return Err(words.compose.launch_bare.to_owned());
    }
    let Some(quote) = form.quote() else {
        let asking = form.price.with(|price| price.asking);
        let text = if asking { words.compose.pricing } else { words.compose.launch_bare };
        return Err(text.to_owned());
    };
    let available = form.app.standing.get().map(|standing| standing.wallet.available.0);
    match available {
        Some(available) if available < quote.total.0 => {
            let missing = whole((quote.total.0 - available).into());
            Err(fill(words.compose.balance_short, &[("n", &missing)]))
        }
        _ => Ok(quote),
    }
}

/// The button, and the question before very many videos.
#[component]
pub fn Launch() -> impl IntoView {
    let form = form();
    let app = form.app;
    view! {
        <LaunchButton wide=true />
        <div class="spread">
            <span class="dim small"><kbd>"⌘/Ctrl"</kbd> " " <kbd>"↵"</kbd></span>
            <button class="button ghost tiny" data-code-open on:click=move |_| form.code.set(true)>
                <Icon glyph=Glyph::Code />
                {app.t(|w| w.compose.code)}
            </button>
        </div>
    }
}

#[component]
fn LaunchButton(wide: bool) -> impl IntoView {
    let form = form();
    let app = form.app;
    let launch = use_launch(form);
    let asked = RwSignal::new(None::<(String, String)>);
    let words = move || {
        let words = app.words();
        if form.launching.get() {
            return words.compose.launching.to_owned();
        }
        match ready(form) {
            Ok(quote) => {
                let many = u128::try_from(quote.video_count).unwrap_or_default();
                counted(app.language.get(), many, words.compose.launch)
            }
            Err(text) => text,
        }
    };
    let disabled = move || form.launching.get() || ready(form).is_err();
    let press = move |_| {
        let Ok(quote) = untrack(move || ready(form)) else { return };
        if quote.video_count >= MANY {
            let words = app.words_now();
            let text = fill(words.compose.many, &[("n", &whole(quote.video_count.into()))]);
            asked.set(Some((text, words.compose.frozen_note.to_owned())));
        } else {
            launch.run(());
        }
    };
    view! {
        <button class="button primary" class:wide=wide data-launch=wide.to_string() disabled=disabled on:click=press>
            {words}
        </button>
        <Ask
            question=asked
            yes=Signal::derive(words)
            danger=false
            on_yes=move |()| {
                asked.set(None);
                launch.run(());
            }
            on_no=move |()| asked.set(None)
        />
    }
}

/// The button under a thumb.
#[component]
pub fn LaunchBar() -> impl IntoView {
    let form = form();
    let app = form.app;
    let price = live(move || {
        let quote = form.quote()?;
        Some(fill(app.words().all.credits, &[("n", &whole(quote.total.0.into()))]))
    });
    view! {
        <div class="launch-bar">
            <span class="num"><b>{price}</b></span>
            <LaunchButton wide=false />
        </div>
    }
}

/// ⌘/Ctrl+Enter launches; Enter that ends a composition never does.
pub fn launch_key(form: Form, event: &web_sys::KeyboardEvent) {
    let command = event.meta_key() || event.ctrl_key();
    if event.key() != "Enter" || !command || composes(event) {
        return;
    }
    event.prevent_default();
    let button = crate::page::browser::document()
        .and_then(|page| page.query_selector("[data-launch=true]").ok().flatten());
    let button = button.and_then(|button| {
        use wasm_bindgen::JsCast as _;
        button.dyn_into::<web_sys::HtmlElement>().ok()
    });
    if let (Some(button), true) = (button, untrack(move || ready(form)).is_ok()) {
        button.click();
    }
}

/// Launches the quote that is shown, once: its key is made of the quote, so that a second press, a
/// retry after a lost answer, or another tab gets the batch of the first.
fn use_launch(form: Form) -> Callback<()> {
    let way = way();
    Callback::new(move |()| {
        if form.launching.get_untracked() {
            return;
        }
        let Ok(quote) = untrack(move || ready(form)) else { return };
        form.launching.set(true);
        spawn_local(async move {
            let answer = send(form, &quote).await;
            form.launching.set(false);
            match answer {
                Ok(batch) => {
                    form.app.count_credits();
                    kept::set("launched", &batch);
                    way.go(&format!("/batches/{batch}"));
                }
                Err(refusal) => {
                    if refusal.is("QUOTE_EXPIRED") || refusal.is("QUOTE_USED") {
                        pricing::again(form);
                    }
                    form.app.complain(&refusal);
                }
            }
        });
    })
}

async fn send(form: Form, quote: &Quote) -> Result<String, Refusal> {
    let (name, pilot, stop_loss) =
        form.draft.with_untracked(|draft| (Some(draft.title()), draft.pilot, draft.stop_loss));
    let input = LaunchBatchInput {
        workspace_id: form.app.workspace(),
        quote_id: quote.id.clone(),
        name,
        idempotency_key: format!("page:{}", quote.id.inner()),
        pilot: pilot.map(|max_videos| PilotInput { max_videos }),
        stop_loss: stop_loss.map(|percent| StopLossInput {
            max_failure_rate: f64::from(percent) / 100.0,
            min_finished: 10,
        }),
    };
    let asked = LaunchBatch::build(LaunchBatchVariables { input });
    form.app.read(asked, &["launchBatch", "batch", "id"]).await
}
