//! Templates with their versions.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::versions::Versions;
use crate::api::templates::{
    ArchiveTemplate, ArchiveTemplateInput, ArchiveTemplateVariables, TemplateCard,
    TemplatesPage as Page, TemplatesVariables,
};
use crate::draft::pieces;
use crate::page::browser::clock::moment;
use crate::page::browser::title;
use crate::page::compose::ink;
use crate::page::live::{When, live};
use crate::page::shell::{Glyph, Icon};
use crate::page::state::app;
use crate::words::fill;

/// The list.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let app = app();
    let templates = RwSignal::new(None::<Vec<TemplateCard>>);
    let after = RwSignal::new(None::<String>);
    let read = move |from: Option<String>| {
        spawn_local(async move {
            let first = from.is_none();
            let variables = TemplatesVariables { workspace: app.workspace(), after: from };
            match app.ask(Page::build(variables)).await {
                Ok(answer) => {
                    let page = answer.workspace.templates;
                    after.try_set(
                        page.page_info.end_cursor.filter(|_| page.page_info.has_next_page),
                    );
                    templates.try_update(|all| match all {
                        Some(all) if !first => all.extend(page.nodes),
                        _ => *all = Some(page.nodes),
                    });
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    read(None);
    Effect::new(move |_| title(&format!("{} · Reelmill", app.books().money.templates_title)));
    let archive = Callback::new(move |id: cynic::Id| {
        spawn_local(async move {
            let input =
                ArchiveTemplateInput { workspace_id: app.workspace(), template_id: id.clone() };
            match app.ask(ArchiveTemplate::build(ArchiveTemplateVariables { input })).await {
                Ok(_) => {
                    templates.try_update(|all| {
                        if let Some(all) = all {
                            all.retain(|template| template.id != id);
                        }
                    });
                    app.say(app.books_now().money.archived);
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    });
    let shown = live(move || {
        let all = templates.get()?;
        if all.is_empty() {
            return Some(view! { <Nothing /> }.into_any());
        }
        let cards =
            all.into_iter().map(|template| view! { <Card template=template archive=archive /> });
        Some(view! { <div class="template-grid">{cards.collect_view()}</div> }.into_any())
    });
    view! {
        <header class="page-head">
            <h1>{app.b(|w| w.money.templates_title)}</h1>
            <a class="button primary" href="/compose">
                <Icon glyph=Glyph::Pen />
                {app.t(|w| w.watch.new)}
            </a>
        </header>
        {shown}
        <When holds=move || after.with(Option::is_some)>
            <button class="button" on:click=move |_| read(after.get_untracked())>
                {app.t(|w| w.all.more)}
            </button>
        </When>
    }
}

#[component]
fn Card(template: TemplateCard, archive: Callback<cynic::Id>) -> impl IntoView {
    let app = app();
    let read = prompt::parse(&template.version.source).ok();
    let text = ink(&pieces(&template.version.source, read.as_ref(), &[]));
    let (when, version) = (template.updated_at.0, template.latest_version);
    let about = live(move || {
        let language = app.language.get();
        let words = language.books();
        let version = fill(words.money.version, &[("n", &version)]);
        let changed = fill(words.money.updated, &[("date", &moment(&when, language))]);
        format!("{version} · {changed}")
    });
    let id = template.id.clone();
    view! {
        <article class="card pad template-card">
            <div>
                <h2>{template.name}</h2>
                <span class="dim small">{about}</span>
            </div>
            <div class="stack-tight">
                <p class="ink">{text}</p>
                <Versions template=template.id.clone() />
            </div>
            <div class="row">
                <a class="button" href=format!("/compose?template={}", template.id.inner())>
                    {app.b(|w| w.money.use_template)}
                </a>
                <button class="button ghost" on:click=move |_| archive.run(id.clone())>
                    {app.b(|w| w.money.archive)}
                </button>
            </div>
        </article>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let app = app();
    view! {
        <section class="empty">
            <Icon glyph=Glyph::Layers />
            <h2>{app.b(|w| w.money.templates_none)}</h2>
            <p>{app.b(|w| w.money.templates_none_next)}</p>
            <a class="button primary" href="/compose">{app.t(|w| w.watch.new)}</a>
        </section>
    }
}
