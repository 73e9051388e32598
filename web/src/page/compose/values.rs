//! A card with values for each variable, and the table if there is one.

use leptos::prelude::*;

use super::lists::SavedLists;
use super::state::{Form, form};
use crate::draft::{csv, values};
use crate::format::counted;
use crate::page::browser::{focus, offer};
use crate::page::compose::selecting::CsvButton;
use crate::page::live::{When, live};

/// The values of every variable.
#[component]
pub fn Values() -> impl IntoView {
    let form = form();
    let app = form.app;
    let names = Memo::new(move |_| {
        form.look.with(|look| look.variables.iter().cloned().enumerate().collect::<Vec<_>>())
    });
    let empty = move || names.with(Vec::is_empty);
    view! {
        <section class="stack-tight" aria-labelledby="values-title">
            <div class="spread">
                <h2 id="values-title">{app.t(|w| w.compose.variables)}</h2>
                <div class="row">
                    <CsvButton />
                    <When holds=move || !empty()>
                        <button class="button ghost tiny" on:click=move |_| export(form)>
                            {app.t(|w| w.compose.to_csv)}
                        </button>
                    </When>
                </div>
            </div>
            <When holds=empty>
                <p class="dim">{app.t(|w| w.compose.variables_example)}</p>
            </When>
            <div class="values">
                <For each=move || names.get() key=|named| named.clone() let:named>
                    <Card number=named.0 name=named.1 />
                </For>
            </div>
            <Table />
            <SavedLists />
        </section>
    }
}

fn export(form: Form) {
    let lists = form.look.with_untracked(|look| {
        let list = |name: &String| (name.clone(), values(look.draft.text_of(name)));
        look.variables.iter().map(list).collect::<Vec<_>>()
    });
    offer("values.csv", "text/csv;charset=utf-8", &csv(&lists));
}

/// One variable.
#[component]
fn Card(number: usize, name: String) -> impl IntoView {
    let form = form();
    let app = form.app;
    let name = StoredValue::new(name);
    let text = Memo::new(move |_| {
        form.draft.with(|draft| name.with_value(|name| draft.text_of(name).to_owned()))
    });
    let bound = Memo::new(move |_| {
        form.draft.with(|draft| {
            let has = |table: &prompt::Table| name.with_value(|name| table.columns.contains(name));
            draft.rows.as_ref().is_some_and(has)
        })
    });
    let count = Memo::new(move |_| text.with(|text| values(text).len()));
    let said = live(move || {
        let language = app.language.get();
        let words = language.words();
        match (bound.get(), count.get()) {
            (true, _) => words.compose.table.to_owned(),
            (false, 0) => words.compose.values_missing.to_owned(),
            (false, n) => counted(language, n as u128, words.compose.values_count),
        }
    });
    let mistakes = move || {
        let language = app.language.get();
        form.look.with(|look| {
            let mistakes = name
                .with_value(|name| look.mistakes_of(name).into_iter().cloned().collect::<Vec<_>>());
            let words = |problem: &prompt::Problem| match language {
                crate::words::Language::En => problem.en.clone(),
                crate::words::Language::Zh => problem.zh.clone(),
            };
            mistakes
                .iter()
                .take(2)
                .map(|problem| view! { <span class="problem">{words(problem)}</span> })
                .collect_view()
        })
    };
    let id = format!("values-{number}");
    view! {
        <article
            class=format!("value-card hue-{}", number % 6)
            class:active=move || form.active.with(|active| name.with_value(|name| active.as_ref() == Some(name)))
            class:waits=move || count.get() == 0 && !bound.get()
        >
            <header>
                <label for=id.clone()>{name.get_value()}</label>
                <span class="count dim small num">{said}</span>
            </header>
            <When holds=move || !bound.get()>
                <textarea
                    id=id.clone()
                    data-values=name.get_value()
                    spellcheck="false"
                    placeholder=app.t(|w| w.compose.values_hint)
                    prop:value=move || text.get()
                    on:input=move |event| {
                        form.change(|draft| {
                            name.with_value(|name| draft.set_text(name, event_target_value(&event)));
                        });
                    }
                ></textarea>
            </When>
            {mistakes}
        </article>
    }
}

/// The table whose columns are bound together.
#[component]
fn Table() -> impl IntoView {
    let form = form();
    let app = form.app;
    let table = move || form.draft.with(|draft| draft.rows.clone());
    let rows = move |table: &prompt::Table| {
        let language = app.language.get();
        counted(language, table.rows.len() as u128, language.words().compose.table_rows)
    };
    live(move || {
        table().map(|table| {
            let head = table.columns.iter().map(|name| view! { <th>{name.clone()}</th> }).collect_view();
            let line = |row: &Vec<String>| {
                let cells = row.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view();
                view! { <tr>{cells}</tr> }
            };
            let body = table.rows.iter().take(5).map(line).collect_view();
            view! {
                <div class="card">
                    <div class="spread pad">
                        <h3>{app.t(|w| w.compose.table)} " · " {rows(&table)}</h3>
                        <button
                            class="button tiny"
                            on:click=move |_| {
                                form.change(|draft| draft.rows = None);
                                focus("template");
                            }
                        >
                            {app.t(|w| w.all.remove)}
                        </button>
                    </div>
                    <div class="table-wrap" tabindex="0" role="region" aria-label=app.t(|w| w.compose.table)>
                        <table>
                            <thead><tr>{head}</tr></thead>
                            <tbody>{body}</tbody>
                        </table>
                    </div>
                </div>
            }
        })
    })
}
