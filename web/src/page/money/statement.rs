//! The ledger as a file, with the filters of the ledger that is looked at.

use cynic::MutationBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::scalars::DateTime;
use crate::api::spending::{
    CreateStatementLink, CreateStatementLinkInput, CreateStatementLinkVariables,
};
use crate::api::wallet::TransferKind;
use crate::page::browser::clock::{days_before, midnight, today, zone};
use crate::page::browser::download;
use crate::page::state::app;
use crate::words::Books;

/// Days that a statement begins with.
const DAYS: i32 = 30;

/// Asks for a statement of a period and fetches it.
#[component]
pub fn Statement(
    #[prop(into)] kind: Signal<Option<TransferKind>>,
    #[prop(into)] batch: Signal<Option<String>>,
) -> impl IntoView {
    let app = app();
    let (from, to) = (RwSignal::new(days_before(DAYS)), RwSignal::new(today()));
    let busy = RwSignal::new(false);
    let fetch = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let first = midnight(&from.get_untracked(), 0);
        let (Some(first), Some(end)) = (first, midnight(&to.get_untracked(), 1)) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let input = CreateStatementLinkInput {
            workspace_id: app.workspace(),
            from: DateTime(first),
            to: DateTime(end),
            kind: kind.get_untracked(),
            batch_id: batch.get_untracked().map(Into::into),
            lang: Some(app.language.get_untracked().tag().to_owned()),
            time_zone: zone(),
        };
        spawn_local(async move {
            let variables = CreateStatementLinkVariables { input };
            match app.ask(CreateStatementLink::build(variables)).await {
                Ok(answer) => {
                    download(&answer.create_statement_link.url);
                    app.say(app.books_now().own.statement_made);
                }
                Err(refusal) => app.complain(&refusal),
            }
            busy.try_set(false);
        });
    };
    let field = move |name: &'static str,
                      label: fn(&'static Books) -> &'static str,
                      value: RwSignal<String>| {
        view! {
            <label class="row small">
                {app.b(label)}
                <input
                    class="input tiny-select"
                    type="date"
                    name=name
                    required=""
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </label>
        }
        .into_any()
    };
    view! {
        <form class="statement" data-statement on:submit=fetch>
            {field("from", |w| w.own.from, from)}
            {field("to", |w| w.own.to, to)}
            <button class="button tiny" disabled=move || busy.get()>
                {app.b(|w| w.own.statement)}
            </button>
        </form>
    }
}
