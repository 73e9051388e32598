//! ⌘K: go somewhere, do something, or paste any id.

use leptos::html;
use leptos::prelude::*;

use crate::page::browser::composes;
use crate::page::live::{When, live};
use crate::page::state::{Theme, app};
use crate::page::way::way;
use crate::palette::{Command, Target, commands};

/// The palette.
#[component]
pub fn Palette(open: RwSignal<bool>, sheet: RwSignal<bool>) -> impl IntoView {
    let app = app();
    let dialog = NodeRef::<html::Dialog>::new();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    Effect::new(move |_| {
        let Some(element) = dialog.get() else { return };
        match (open.get(), element.open()) {
            (true, false) => {
                typed.set(String::new());
                at.set(0);
                drop(element.show_modal());
            }
            (false, true) => element.close(),
            _ => {}
        }
    });
    let found = Memo::new(move |_| commands(&typed.get(), app.words()));
    let way = way();
    let run = Callback::new(move |command: Command| {
        open.set(false);
        match command.target {
            Target::Path(path) => way.go(&path),
            Target::Language => app.speak(app.language.get_untracked().other()),
            Target::Theme => app.paint(other_theme(app.theme.get_untracked())),
            Target::Keys => sheet.set(true),
            Target::SignOut => app.leave(),
        }
    });
    let pressed = move |event: web_sys::KeyboardEvent| {
        if composes(&event) {
            return;
        }
        let last = found.with(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                if let Some(command) = found.with(|found| found.get(at.get_untracked()).cloned()) {
                    run.run(command);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option = move |(place, command): (usize, Command)| {
        let name = command.name.clone();
        view! {
            <li
                role="option"
                id=format!("command-{place}")
                aria-selected=move || (at.get() == place).to_string()
                on:click=move |_| run.run(command.clone())
                on:mousemove=move |_| at.set(place)
            >
                {name}
            </li>
        }
    };
    view! {
        <dialog
            class="palette"
            node_ref=dialog
            aria-label=app.t(|w| w.all.palette)
            on:close=move |_| open.set(false)
        >
            <input
                class="input"
                role="combobox"
                aria-expanded="true"
                aria-controls="commands"
                aria-label=app.t(|w| w.all.palette)
                aria-activedescendant=move || format!("command-{}", at.get())
                placeholder=app.t(|w| w.all.palette_hint)
                autocomplete="off"
                prop:value=move || typed.get()
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    at.set(0);
                }
                on:keydown=pressed
            />
            <ul id="commands" role="listbox" aria-label=app.t(|w| w.all.palette)>
                {live(move || found.get().into_iter().enumerate().map(option).collect_view())}
            </ul>
            <When holds=move || found.with(Vec::is_empty)>
                <p class="pad dim">{app.t(|w| w.all.palette_none)}</p>
            </When>
        </dialog>
    }
}

const fn other_theme(theme: Theme) -> Theme {
    match theme {
        Theme::Dark => Theme::Light,
        Theme::Light | Theme::System => Theme::Dark,
    }
}
