//! Links that show the batch to people without an account.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::collect::picked;
use super::sheet::Sheet;
use super::state::{Watch, watch};
use crate::api::collect::{
    CreateShareLink, CreateShareLinkInput, OfBatchVariables, RevokeShareLink, RevokeShareLinkInput,
    RevokeVariables, ShareLink, ShareLinks, ShareVariables,
};
use crate::page::browser::clock::{at_ms, moment, now_ms};
use crate::page::browser::copy;
use crate::page::live::live;
use crate::words::fill;
use serde::de::IgnoredAny;

/// Lives that are offered, days; the third stands at first.
const LIVES: [i32; 4] = [1, 7, 14, 30];

/// What a link is to show, and what came of it; cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    watch: Watch,
    /// `batch`, `kept` or `picked`.
    what: RwSignal<String>,
    prompts: RwSignal<bool>,
    days: RwSignal<i32>,
    links: RwSignal<Vec<ShareLink>>,
    made: RwSignal<Option<String>>,
}

impl Form {
    fn read(self) {
        spawn_local(async move {
            let (workspace, batch) = (self.watch.app.workspace(), self.watch.batch_id());
            let asked = ShareLinks::build(OfBatchVariables { workspace, batch });
            match self.watch.app.read(asked, &["workspace", "shareLinks", "nodes"]).await {
                Ok(links) => drop(self.links.try_set(links)),
                Err(refusal) => self.watch.app.complain(&refusal),
            }
        });
    }

    fn make(self) {
        let what = self.what.get_untracked();
        let some = (what == "picked").then(|| self.watch.ids(&picked(self.watch)));
        let input = CreateShareLinkInput {
            workspace_id: self.watch.app.workspace(),
            batch_id: self.watch.batch_id(),
            video_ids: some,
            kept_only: what == "kept",
            show_prompts: self.prompts.get_untracked(),
            days: self.days.get_untracked(),
        };
        spawn_local(async move {
            let asked = CreateShareLink::build(ShareVariables { input });
            match self.watch.app.read::<_, _, String>(asked, &["createShareLink", "url"]).await {
                Ok(url) => {
                    self.made.try_set(Some(absolute(&url)));
                    self.read();
                }
                Err(refusal) => self.watch.app.complain(&refusal),
            }
        });
    }

    fn revoke(self, share_id: cynic::Id) {
        let input = RevokeShareLinkInput { workspace_id: self.watch.app.workspace(), share_id };
        spawn_local(async move {
            let asked = RevokeShareLink::build(RevokeVariables { input });
            if let Err(refusal) = self.watch.app.read::<_, _, IgnoredAny>(asked, &[]).await {
                self.watch.app.complain(&refusal);
            }
            self.read();
        });
    }
}

/// The links of this batch, and a new one.
#[component]
pub fn Shares(open: RwSignal<bool>) -> impl IntoView {
    let watch = watch();
    view! {
        <Sheet open=open class="ask wide-ask" id="share-title" title=|w| w.collect.share_title>
            {begin(watch)}
        </Sheet>
    }
}

fn begin(watch: Watch) -> impl IntoView {
    let app = watch.app;
    let some = watch.picked.with_untracked(|picked| picked.len());
    let first = if some > 0 { "picked" } else { "batch" };
    let form = Form {
        watch,
        what: RwSignal::new(first.to_owned()),
        prompts: RwSignal::new(false),
        days: RwSignal::new(14),
        links: RwSignal::new(Vec::new()),
        made: RwSignal::new(None),
    };
    form.read();
    let what = move |name: &'static str, text: String| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="share-what"
                    value=name
                    prop:checked=name == first
                    on:change=move |_| form.what.set(name.to_owned())
                />
                {text}
            </label>
        }
    };
    let lives = LIVES.map(|days| {
        let words = if days == 1 { app.words().collect.day } else { app.words().collect.days };
        let text = fill(words, &[("n", &days)]);
        view! { <option value=days.to_string() selected=days == 14>{text}</option> }
    });
    let words = app.words();
    view! {
        <p class="dim">{words.collect.share_hint}</p>
        <fieldset class="stack-tight">
            <legend class="legend">{words.collect.share_what}</legend>
            {what("batch", words.collect.share_batch.to_owned())}
            {what("kept", words.collect.share_kept.to_owned())}
            {(some > 0).then(|| what("picked", fill(words.collect.share_picked, &[("n", &some)])))}
        </fieldset>
        <label class="check">
            <input type="checkbox" on:change=move |event| form.prompts.set(event_target_checked(&event)) />
            {words.collect.share_prompts}
        </label>
        <div class="spread">
            <label class="row small">
                <span class="dim">{words.collect.share_days}</span>
                <select
                    class="input tiny-select"
                    data-share-days
                    on:change=move |event| form.days.set(event_target_value(&event).parse().unwrap_or(14))
                >
                    {lives}
                </select>
            </label>
            <button class="button primary" data-share-make on:click=move |_| form.make()>
                {words.collect.share_make}
            </button>
        </div>
        {live(move || form.made.get().map(|url| fresh(form, url)))}
        <ul class="shares">{live(move || list(form))}</ul>
    }
}

/// The link, shown this once.
fn fresh(form: Form, url: String) -> impl IntoView {
    let app = form.watch.app;
    let text = url.clone();
    view! {
        <div class="note stack-tight" role="status">
            <p>{app.t(|w| w.collect.share_made)}</p>
            <div class="row">
                <code data-share-url>{url}</code>
                <button
                    class="button tiny"
                    on:click=move |_| {
                        copy(&text);
                        app.say(app.words_now().all.copied);
                    }
                >
                    {app.t(|w| w.all.copy)}
                </button>
            </div>
        </div>
    }
}

fn list(form: Form) -> impl IntoView {
    let app = form.watch.app;
    let words = app.words();
    let links = form.links.get();
    let none = links.is_empty().then(|| view! { <li class="dim">{words.collect.share_none}</li> });
    let row = move |link: ShareLink| {
        let language = app.language.get();
        let over = match (&link.revoked_at, at_ms(&link.expires_at.0) > now_ms()) {
            (Some(_), _) => Some(words.collect.share_gone),
            (None, false) => Some(words.collect.share_over),
            (None, true) => None,
        };
        let what = match (link.chosen, link.kept_only) {
            (Some(n), _) => fill(words.collect.share_chosen, &[("n", &n)]),
            (None, true) => words.collect.share_kept.to_owned(),
            (None, false) => words.collect.share_batch.to_owned(),
        };
        let until = fill(
            words.collect.share_until,
            &[("date", &moment(&link.expires_at.0, language)), ("n", &link.opened.0)],
        );
        let revoke = over.is_none().then(|| {
            let id = link.id.clone();
            view! {
                <button class="button tiny danger" data-revoke on:click=move |_| form.revoke(id.clone())>
                    {words.collect.share_revoke}
                </button>
            }
        });
        view! {
            <li class="spread" data-share-link=over.is_none().to_string()>
                <span class="stack-none">
                    <b>{what}</b>
                    <span class="small dim">{over.map_or(until, str::to_owned)}</span>
                </span>
                {revoke}
            </li>
        }
    };
    view! { {none} {links.into_iter().map(row).collect_view()} }
}

fn absolute(path: &str) -> String {
    let location = web_sys::window().map(|window| window.location());
    let origin = location.and_then(|location| location.origin().ok()).unwrap_or_default();
    format!("{origin}{path}")
}
