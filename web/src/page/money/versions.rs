//! What a template was before.

use cynic::QueryBuilder as _;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::templates::{OldVersion, VersionsPage, VersionsVariables};
use crate::draft::pieces;
use crate::page::browser::clock::moment;
use crate::page::compose::ink;
use crate::page::live::{When, live};
use crate::page::state::app;
use crate::words::fill;

/// The versions, newest first; read when somebody looks for them.
#[component]
pub fn Versions(template: cynic::Id) -> impl IntoView {
    let app = app();
    let template = StoredValue::new(template);
    let all = RwSignal::new(Vec::<OldVersion>::new());
    let after = RwSignal::new(None::<String>);
    let read = move |from: Option<String>| {
        spawn_local(async move {
            let (workspace, template) = (app.workspace(), template.get_value());
            let variables = VersionsVariables { workspace, template, after: from };
            match app.ask(VersionsPage::build(variables)).await {
                Ok(answer) => {
                    let page = answer.workspace.template.versions;
                    after.try_set(
                        page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
                    );
                    all.try_update(|all| all.extend(page.nodes));
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    let opened = move |_| {
        if all.with_untracked(Vec::is_empty) {
            read(None);
        }
    };
    let row = move |version: OldVersion| {
        let text = ink(&pieces(&version.source, prompt::parse(&version.source).ok().as_ref(), &[]));
        let (number, when) = (version.number, version.created_at.0);
        let about = move || {
            let language = app.language.get();
            let name = fill(language.books().money.version, &[("n", &number)]);
            format!("{name} · {}", moment(&when, language))
        };
        let label = move || fill(app.books().money.open_version, &[("n", &number)]);
        let href = template.with_value(|template| {
            format!("/compose?template={}&version={number}", template.inner())
        });
        view! {
            <li data-version=number>
                <span class="spread">
                    <span class="dim small">{live(about)}</span>
                    <a class="button tiny" href=href aria-label=label>{app.b(|w| w.money.open)}</a>
                </span>
                <p class="ink">{text}</p>
            </li>
        }
        .into_any()
    };
    view! {
        <details class="fold-plain" data-versions on:toggle=opened>
            <summary>{app.b(|w| w.money.versions)}</summary>
            <ol class="versions" reversed="">
                {live(move || all.get().into_iter().map(row).collect_view())}
            </ol>
            <When holds=move || after.with(Option::is_some)>
                <button class="button tiny" on:click=move |_| read(after.get_untracked())>
                    {app.t(|w| w.all.more)}
                </button>
            </When>
        </details>
    }
}
