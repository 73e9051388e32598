//! Where batches are written: the text, the values, the options, the price, the launch.

mod code;
mod editor;
mod launch;
mod lists;
mod options;
mod pricing;
mod samples;
mod selecting;
mod state;
mod ticket;
mod values;

use leptos::prelude::*;

use super::browser::title;
use super::state::app;
use crate::page::live::When;
use crate::page::way::way;
pub use editor::ink;
use state::{Form, Wanted};

/// The composer.
#[component]
pub fn ComposePage() -> impl IntoView {
    let app = app();
    let form = Form::new();
    provide_context(form);
    let wanted = |name| untrack(|| way().query(name));
    let version = wanted("version").and_then(|text| text.parse().ok());
    let template = wanted("template").map(|template| Wanted::Template(template, version));
    form.open(wanted("batch").map(Wanted::Batch).or(template));
    pricing::watch(form);
    Effect::new(move |_| title(&format!("{} · Reelmill", app.words().all.compose)));
    let blank = Memo::new(move |_| form.draft.with(crate::draft::Draft::is_blank));
    view! {
        <div class="compose has-launch-bar" on:keydown=move |event| launch::launch_key(form, &event)>
            <div class="stack">
                <header class="page-head">
                    <div>
                        <h1>{app.t(|w| w.compose.title)}</h1>
                        <p>{app.t(|w| w.compose.intro)}</p>
                    </div>
                    <When holds=move || !blank.get()>
                        <button class="button ghost tiny" data-clear on:click=move |_| form.clear()>
                            {app.t(|w| w.compose.clear)}
                        </button>
                    </When>
                </header>
                <editor::Editor />
                <When holds=move || blank.get()>
                    <samples::Samples />
                </When>
                <values::Values />
                <options::Options />
            </div>
            <ticket::Ticket />
        </div>
        <launch::LaunchBar />
        <code::Codes />
    }
}
