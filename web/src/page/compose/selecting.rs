//! Which combinations: lists that move together, what is left out, how many of the rest.

use base64::Engine as _;
use cynic::QueryBuilder as _;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use prompt::{PAIRWISE_ALGORITHM, SAMPLE_ALGORITHM, Sample, Table};
use wasm_bindgen_futures::JsFuture;

use super::state::{Form, form};
use crate::api::tables::{ReadTable, ReadTableInput, ReadTableVariables, TableRead};
use crate::draft::{Condition, rule, values};
use crate::format::count;
use crate::page::live::{When, live};
use crate::words::{Words, fill};

/// How many are drawn at first.
const FIRST_DRAW: u64 = 8;

/// Zip groups and exclusions.
#[component]
pub fn Combining() -> impl IntoView {
    let form = form();
    let app = form.app;
    let names = Memo::new(move |_| form.look.with(|look| look.variables.clone()));
    let member = move |name: String| {
        let own = name.clone();
        let inside =
            move || form.draft.with(|draft| draft.zip.iter().any(|group| group.contains(&own)));
        let shown = name.clone();
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-zip=name.clone()
                    prop:checked=inside
                    on:change=move |_| form.change(|draft| draft.toggle_zip(&name))
                />
                {shown}
            </label>
        }
    };
    view! {
        <fieldset class="stack-tight">
            <legend class="legend">{app.t(|w| w.compose.zip)}</legend>
            <p class="dim small">{app.t(|w| w.compose.zip_hint)}</p>
            <div class="row">{live(move || names.get().into_iter().map(member).collect_view())}</div>
        </fieldset>
        <Excluding names=names />
    }
}

#[component]
fn Excluding(names: Memo<Vec<String>>) -> impl IntoView {
    let form = form();
    let app = form.app;
    let picked = RwSignal::new(Vec::<Condition>::new());
    let choice = move |name: String| {
        let known = {
            let name = name.clone();
            move || form.draft.with(|draft| values(draft.text_of(&name)))
        };
        let label = fill(app.words().compose.exclude_pick, &[("name", &name)]);
        let pick = {
            let name = name.clone();
            move |event| {
                let value = event_target_value(&event);
                picked.update(|all| {
                    all.retain(|(known, _)| *known != name);
                    if !value.is_empty() {
                        all.push((name.clone(), value));
                    }
                });
            }
        };
        let current = move || {
            picked.with(|all| {
                all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
            })
        };
        view! {
            <select
                class="input tiny-select"
                aria-label=label.clone()
                prop:value=move || current().unwrap_or_default()
                on:change=pick
            >
                <option value="">{label.clone()}</option>
                {live(move || {
                    known()
                        .into_iter()
                        .map(|value| view! { <option value=value.clone()>{value.clone()}</option> })
                        .collect_view()
                })}
            </select>
        }
    };
    let add = move |_| {
        if let Some(text) = picked.with_untracked(|all| rule(all)) {
            form.change(|draft| {
                if !draft.exclude.contains(&text) {
                    draft.exclude.push(text);
                }
            });
            picked.set(Vec::new());
        }
    };
    let rules = live(move || {
        form.draft.with(|draft| draft.exclude.clone()).into_iter().map(|text| {
            let own = text.clone();
            view! {
                <li class="rule">
                    <code>{text}</code>
                    <button
                        class="button ghost tiny"
                        on:click=move |_| form.change(|draft| draft.exclude.retain(|rule| *rule != own))
                    >
                        {app.t(|w| w.all.remove)}
                    </button>
                </li>
            }
        }).collect_view()
    });
    view! {
        <fieldset class="stack-tight">
            <legend class="legend">{app.t(|w| w.compose.exclude)}</legend>
            <p class="dim small">{app.t(|w| w.compose.exclude_hint)}</p>
            <div class="row">
                {live(move || names.get().into_iter().map(choice).collect_view())}
                <button
                    class="button tiny"
                    data-exclude
                    disabled=move || picked.with(Vec::is_empty)
                    on:click=add
                >
                    {app.t(|w| w.compose.exclude_add)}
                </button>
            </div>
            <ul class="stack-tight">{rules}</ul>
        </fieldset>
    }
}

/// Everything, the first, at random, every pair.
#[component]
pub fn Sampling() -> impl IntoView {
    let form = form();
    let app = form.app;
    let sample = Memo::new(move |_| form.draft.with(|draft| draft.sample));
    let n = move || match sample.get() {
        Sample::First { n } | Sample::Random { n, .. } => Some(n),
        Sample::All | Sample::Pairwise { .. } => None,
    };
    let kind = move |name: &'static str, words: fn(&'static Words) -> &'static str| {
        let on = move || name == kind_of(sample.get());
        let pick = move |_| {
            let drawn = n().unwrap_or(FIRST_DRAW);
            form.change(|draft| draft.sample = of_kind(name, drawn));
        };
        view! {
            <label>
                <input type="radio" name="sample" value=name prop:checked=on on:change=pick />
                {app.t(words)}
            </label>
        }
    };
    let saves = move || {
        form.look.with(|look| {
            let (all, made) = (look.left()?, look.count()?);
            (made < all).then(|| {
                fill(
                    app.words().compose.sample_saves,
                    &[("n", &count(made)), ("all", &count(all)), ("saved", &count(all - made))],
                )
            })
        })
    };
    view! {
        <fieldset class="stack-tight">
            <legend class="legend">{app.t(|w| w.compose.sample)}</legend>
            <div class="row">
                <div class="segments">
                    {kind("all", |w| w.compose.sample_all)}
                    {kind("first", |w| w.compose.sample_first)}
                    {kind("random", |w| w.compose.sample_random)}
                    {kind("pairwise", |w| w.compose.sample_pairwise)}
                </div>
                <When holds=move || n().is_some()>
                    <input
                        class="input tiny-select num"
                        type="number"
                        min="1"
                        aria-label=app.t(|w| w.compose.sample_n)
                        prop:value=move || n().unwrap_or(1).to_string()
                        on:input=move |event| {
                            let most = event_target_value(&event).parse().unwrap_or(1).max(1);
                            form.change(|draft| draft.sample = of_kind(kind_of(draft.sample), most));
                        }
                    />
                </When>
            </div>
            <p class="small" data-saves>{saves}</p>
        </fieldset>
    }
}

const fn kind_of(sample: Sample) -> &'static str {
    match sample {
        Sample::All => "all",
        Sample::First { .. } => "first",
        Sample::Random { .. } => "random",
        Sample::Pairwise { .. } => "pairwise",
    }
}

fn of_kind(kind: &str, n: u64) -> Sample {
    match kind {
        "first" => Sample::First { n },
        "random" => Sample::Random { n, seed: 1, algorithm: SAMPLE_ALGORITHM },
        "pairwise" => Sample::Pairwise { algorithm: PAIRWISE_ALGORITHM },
        _ => Sample::All,
    }
}

/// Takes a CSV file. The server reads it: encodings are its business, and its tables are large.
#[component]
pub fn CsvButton() -> impl IntoView {
    let form = form();
    let app = form.app;
    let file = NodeRef::<html::Input>::new();
    let take = move |_| {
        let chosen =
            file.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        if let Some(chosen) = chosen {
            spawn_local(read(form, chosen));
        }
    };
    view! {
        <label class="button ghost tiny csv">
            {app.t(|w| w.compose.paste_csv)}
            <input class="sr" type="file" accept=".csv,.tsv,text/csv" node_ref=file on:change=take />
        </label>
    }
}

async fn read(form: Form, file: web_sys::File) {
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { return };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    let csv_base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
    let input = ReadTableInput { csv_base64 };
    let asked = ReadTable::build(ReadTableVariables { input });
    match form.app.read::<_, _, TableRead>(asked, &["readTable"]).await {
        Ok(answer) => {
            for notice in answer.notices {
                form.app.say(notice.message);
            }
            let table = answer.table;
            let table = Table { columns: table.columns, rows: table.rows };
            form.change(|draft| draft.rows = Some(table));
        }
        Err(refusal) => form.app.complain(&refusal),
    }
}
