//! Saved lists of values: used for a variable, saved from one, deleted.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;

use super::state::{Form, form};
use crate::api::lists::{
    CreateValueList, CreateValueListInput, CreateValueListVariables, DeleteValueList,
    DeleteValueListInput, DeleteValueListVariables, SavedValueList, UpdateValueList,
    UpdateValueListInput, UpdateValueListVariables, ValueLists,
};
use crate::api::refusal::Refusal;
use crate::api::scalars::PlaceVariables;
use crate::draft::values;
use crate::format::counted;
use crate::page::live::{When, live};
use crate::page::state::App;
use crate::words::{Words, fill};

/// The lists of the workspace; cheap to copy.
#[derive(Clone, Copy)]
struct Lists {
    form: Form,
    app: App,
    all: RwSignal<Option<Vec<SavedValueList>>>,
}

/// Folded away until somebody looks for them.
#[component]
pub fn SavedLists() -> impl IntoView {
    let form = form();
    let app = form.app;
    let lists = Lists { form, app, all: RwSignal::new(None) };
    let opened = move |_| {
        if lists.all.with_untracked(Option::is_none) {
            spawn_local(lists.read());
        }
    };
    let rows = move || {
        let all = lists.all.get().unwrap_or_default();
        all.into_iter().map(|list| lists.row(list)).collect_view()
    };
    let none = move || lists.all.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    let fillable = move || form.look.with(|look| !look.variables.is_empty());
    view! {
        <details class="card fold" data-lists on:toggle=opened>
            <summary>{app.t(|w| w.compose.lists)}</summary>
            <div class="fold-body">
                <When holds=none>
                    <p class="dim">{app.t(|w| w.compose.lists_none)}</p>
                </When>
                <ul class="stack-tight">{live(rows)}</ul>
                <When holds=fillable>
                    <Keep lists=lists />
                </When>
            </div>
        </details>
    }
}

impl Lists {
    async fn read(self) {
        let variables = PlaceVariables { workspace: self.app.workspace() };
        let path = &["workspace", "valueLists", "nodes"];
        match self.app.read(ValueLists::build(variables), path).await {
            Ok(lists) => drop(self.all.try_set(Some(lists))),
            Err(refusal) => self.app.complain(&refusal),
        }
    }

    /// Says what was done, or why not, and looks again.
    async fn done(
        self,
        answer: Result<IgnoredAny, Refusal>,
        word: fn(&'static Words) -> &'static str,
    ) {
        match answer {
            Ok(_) => self.app.say(word(self.app.words_now())),
            Err(refusal) => self.app.complain(&refusal),
        }
        self.read().await;
    }

    async fn delete(self, list: cynic::Id) {
        let input =
            DeleteValueListInput { workspace_id: self.app.workspace(), value_list_id: list };
        let asked = DeleteValueList::build(DeleteValueListVariables { input });
        self.done(self.app.read(asked, &[]).await, |w| w.compose.list_deleted).await;
    }

    /// Saves values; a list of this name is changed, from the version that was read.
    async fn keep(self, name: String, values: Vec<String>) {
        let workspace_id = self.app.workspace();
        let known = self.all.with_untracked(|all| {
            all.iter().flatten().find(|list| list.name.eq_ignore_ascii_case(&name)).cloned()
        });
        let answer = match known {
            Some(list) => {
                let (value_list_id, expected_version) = (list.id, list.version);
                let input = UpdateValueListInput {
                    workspace_id,
                    value_list_id,
                    expected_version,
                    name,
                    values,
                };
                let variables = UpdateValueListVariables { input };
                self.app.read(UpdateValueList::build(variables), &[])
            }
            None => {
                let input = CreateValueListInput { workspace_id, name, values };
                let variables = CreateValueListVariables { input };
                self.app.read(CreateValueList::build(variables), &[])
            }
        };
        self.done(answer.await, |w| w.compose.list_saved).await;
    }

    fn row(self, list: SavedValueList) -> AnyView {
        let app = self.app;
        let (name, id) = (list.name.clone(), list.id);
        let count = list.values.len() as u128;
        let size = move || {
            let language = app.language.get();
            counted(language, count, language.words().compose.list_size)
        };
        let text = list.values.join("\n");
        let used = move |event| {
            let variable = event_target_value(&event);
            if !variable.is_empty() {
                self.form.change(|draft| draft.set_text(&variable, text.clone()));
                let facts: [(&str, &dyn std::fmt::Display); 2] =
                    [("name", &name), ("variable", &variable)];
                app.say(fill(app.words_now().compose.list_used, &facts));
            }
        };
        let (shown, about, gone) = (list.name.clone(), list.name.clone(), list.name.clone());
        let choose = move || format!("{about}: {}", app.words().compose.use_for);
        let delete = move || fill(app.words().compose.delete_list, &[("name", &gone)]);
        view! {
            <li class="spread" data-list=list.name>
                <span><b>{shown}</b> " " <span class="dim small">{live(size)}</span></span>
                <span class="row">
                    <select class="input tiny-select" aria-label=choose on:change=used>
                        <option value="">{app.t(|w| w.compose.use_for)}</option>
                        {self.names()}
                    </select>
                    <button
                        class="button ghost tiny danger"
                        type="button"
                        aria-label=delete
                        on:click=move |_| spawn_local(self.delete(id.clone()))
                    >
                        {app.t(|w| w.all.remove)}
                    </button>
                </span>
            </li>
        }
        .into_any()
    }

    /// The variables, to choose from.
    fn names(self) -> impl IntoView {
        let option = |name: String| view! { <option value=name.clone()>{name.clone()}</option> };
        let names = Memo::new(move |_| self.form.look.with(|look| look.variables.clone()));
        live(move || names.get().into_iter().map(option).collect_view())
    }
}

/// Saves the values of a variable; without a name, under the variable's.
#[component]
fn Keep(lists: Lists) -> impl IntoView {
    let Lists { form, app, .. } = lists;
    let (variable, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let wanted = variable.get_untracked();
        let of = form.look.with_untracked(|look| {
            let found = look.variables.iter().find(|name| **name == wanted);
            found.or(look.variables.first()).cloned().unwrap_or_default()
        });
        let kept = form.draft.with_untracked(|draft| values(draft.text_of(&of)));
        let typed = name.get_untracked().trim().to_owned();
        name.set(String::new());
        spawn_local(lists.keep(if typed.is_empty() { of } else { typed }, kept));
    };
    view! {
        <form class="row" on:submit=save>
            <label class="row small">
                {app.t(|w| w.compose.save_list)}
                <select
                    class="input tiny-select"
                    on:change=move |event| variable.set(event_target_value(&event))
                >
                    {lists.names()}
                </select>
            </label>
            <input
                class="input tiny-select"
                data-list-name
                aria-label=app.t(|w| w.compose.list_name)
                placeholder=app.t(|w| w.compose.list_name)
                maxlength="80"
                prop:value=move || name.get()
                on:input=move |event| name.set(event_target_value(&event))
            />
            <button class="button tiny" data-save-list>{app.t(|w| w.all.save)}</button>
        </form>
    }
}
