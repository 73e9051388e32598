//! The prompt text, coloured as it is typed.
//!
//! A text area with invisible letters lies over the coloured text; both have the same measures, so
//! caret, selection, input methods and spelling are the browser's own.

use leptos::html;
use leptos::prelude::*;
use prompt::{Problem, Severity};

use super::state::{Form, form};
use crate::draft::{Piece, Tint};
use crate::page::browser::focus;
use crate::page::live::live;
use crate::words::{Language, fill};

/// Longest text the language reads.
const MAX_CHARS: &str = "10000";

/// Name, text, problems and variables.
#[component]
pub fn Editor() -> impl IntoView {
    let form = form();
    let app = form.app;
    let area = NodeRef::<html::Textarea>::new();
    view! {
        <section class="card" aria-label=app.t(|w| w.compose.template)>
            <div class="editor-head">
                <input
                    class="title-input"
                    aria-label=app.t(|w| w.compose.name)
                    placeholder=app.t(|w| w.compose.untitled)
                    maxlength="100"
                    prop:value=move || form.draft.with(|draft| draft.name.clone())
                    on:input=move |event| {
                        form.change(|draft| draft.name = event_target_value(&event));
                    }
                />
                <button class="button ghost tiny" data-insert on:click=move |_| insert(form, area)>
                    "{ } " {app.t(|w| w.compose.insert)}
                </button>
            </div>
            <div class="editor">
                <pre class="ink" aria-hidden="true">
                    {live(move || form.look.with(|look| ink(&look.pieces)))} "\u{200b}"
                </pre>
                <textarea
                    id="template"
                    node_ref=area
                    maxlength=MAX_CHARS
                    spellcheck="false"
                    aria-label=app.t(|w| w.compose.template)
                    aria-describedby="template-problems"
                    placeholder=app.t(|w| w.compose.template_example)
                    prop:value=move || form.draft.with(|draft| draft.source.clone())
                    on:input=move |event| {
                        form.change(|draft| draft.source = event_target_value(&event));
                        follow(form, area);
                    }
                    on:keyup=move |_| follow(form, area)
                    on:click=move |_| follow(form, area)
                    on:blur=move |_| form.active.set(None)
                ></textarea>
            </div>
            <Problems area=area />
        </section>
    }
}

/// Coloured text.
pub fn ink(pieces: &[Piece]) -> AnyView {
    let piece = |piece: &Piece| {
        let text = piece.text.clone();
        match piece.tint {
            Tint::Plain => text.into_any(),
            Tint::Variable(number) => {
                view! { <mark class=format!("hue-{}", number % 6)>{text}</mark> }.into_any()
            }
            Tint::Group => view! { <mark class="group">{text}</mark> }.into_any(),
            Tint::Wrong => view! { <mark class="wrong">{text}</mark> }.into_any(),
        }
    };
    pieces.iter().map(piece).collect_view().into_any()
}

/// Notes which variable the caret is in.
fn follow(form: Form, area: NodeRef<html::Textarea>) {
    let caret = area.get_untracked().and_then(|area| area.selection_start().ok().flatten());
    let Some(caret) = caret.and_then(|at| usize::try_from(at).ok()) else { return };
    let found = form.draft.with_untracked(|draft| {
        let template = prompt::parse(&draft.source).ok()?;
        let inside = |variable: &&prompt::Variable| {
            variable
                .spans
                .iter()
                .any(|span| (span.utf16_start + 1..span.utf16_end).contains(&caret))
        };
        template.variables().iter().find(inside).map(|variable| variable.name.clone())
    });
    if form.active.get_untracked() != found {
        form.active.set(found);
    }
}

/// Puts a new variable where the caret is and selects its name.
fn insert(form: Form, area: NodeRef<html::Textarea>) {
    let Some(area) = area.get_untracked() else { return };
    let known = form.look.with_untracked(|look| look.variables.clone());
    let base = form.app.words_now().compose.new_variable;
    let mut name = base.to_owned();
    let mut number = 2;
    while known.contains(&name) {
        name = format!("{base}{number}");
        number += 1;
    }
    let start = area.selection_start().ok().flatten().unwrap_or_default();
    let end = area.selection_end().ok().flatten().unwrap_or(start);
    let _ = area.focus();
    let _ = area.set_range_text_with_start_and_end(&format!("{{{name}}}"), start, end);
    let length = u32::try_from(name.encode_utf16().count()).unwrap_or_default();
    form.change(|draft| draft.source = area.value());
    let _ = area.set_selection_range(start + 1, start + 1 + length);
}

/// What is wrong, each leading to its place.
#[component]
fn Problems(area: NodeRef<html::Textarea>) -> impl IntoView {
    let form = form();
    let lines = live(move || {
        let language = form.app.language.get();
        form.look.with(|look| {
            let mistakes = look.mistakes().into_iter().chain(&look.notices);
            mistakes.take(8).map(|problem| line(problem, language, area)).collect_view()
        })
    });
    view! { <div class="problems" id="template-problems" role="status">{lines}</div> }
}

fn line(problem: &Problem, language: Language, area: NodeRef<html::Textarea>) -> AnyView {
    let text = match language {
        Language::En => problem.en.clone(),
        Language::Zh => problem.zh.clone(),
    };
    let notice = problem.severity != Severity::Error;
    let code = problem.code.as_str();
    let Some(span) = problem.span else {
        return view! { <span class="problem" class:notice=notice data-problem=code>{text}</span> }
            .into_any();
    };
    let place = fill(
        language.words().compose.problem_at,
        &[("line", &span.line), ("column", &span.column)],
    );
    let go = move |_| {
        focus("template");
        let ends = (u32::try_from(span.utf16_start), u32::try_from(span.utf16_end));
        if let (Some(area), (Ok(start), Ok(end))) = (area.get_untracked(), ends) {
            let _ = area.set_selection_range(start, end);
        }
    };
    view! {
        <button class="problem" class:notice=notice data-problem=code on:click=go>
            <b>{place}</b>
            <span>{text}</span>
        </button>
    }
    .into_any()
}
