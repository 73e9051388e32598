//! Where one is signed in.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::sessions::{
    EndOtherSessions, EndSession, EndSessionInput, EndSessionVariables, Session, Sessions as Asked,
};
use crate::page::browser::clock::moment;
use crate::page::live::live;
use crate::page::state::app;
use crate::words::fill;

/// The caller's sessions, and ending one or all the others.
#[component]
pub fn Sessions() -> impl IntoView {
    let app = app();
    let all = RwSignal::new(Vec::<Session>::new());
    let read = Callback::new(move |()| {
        spawn_local(async move {
            match app.ask(Asked::build(())).await {
                Ok(answer) => {
                    all.try_set(answer.me.map(|me| me.sessions).unwrap_or_default());
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    });
    // Devices are named in the language of the request.
    Effect::new(move |_| {
        app.language.track();
        read.run(());
    });
    let end = Callback::new(move |id: cynic::Id| {
        spawn_local(async move {
            let input = EndSessionInput { session_id: id };
            match app.ask(EndSession::build(EndSessionVariables { input })).await {
                Ok(_) => app.say(app.books_now().own.ended),
                Err(refusal) => app.complain(&refusal),
            }
            read.run(());
        });
    });
    let end_others = move |_| {
        spawn_local(async move {
            match app.ask(EndOtherSessions::build(())).await {
                Ok(answer) => {
                    let count = answer.end_other_sessions.ended;
                    app.say(fill(app.books_now().own.ended_all, &[("n", &count)]));
                }
                Err(refusal) => app.complain(&refusal),
            }
            read.run(());
        });
    };
    let row = move |session: Session| {
        let language = app.language.get();
        let words = language.books();
        let at = |text: &str, time: &str| fill(text, &[("time", &moment(time, language))]);
        let (id, device) = (session.id.clone(), session.device.clone());
        let last = if session.is_current {
            view! { <span class="badge good">{words.own.this_one}</span> }.into_any()
        } else {
            let label = format!("{}: {device}", words.own.end);
            view! {
                <button class="button tiny" data-end-session aria-label=label on:click=move |_| end.run(id.clone())>
                    {words.own.end}
                </button>
            }
            .into_any()
        };
        view! {
            <tr data-session=session.id.inner().to_owned()>
                <td>
                    <b>{session.device}</b>
                    <div class="dim small">{at(words.own.signed_in, &session.created_at.0)}</div>
                </td>
                <td class="dim small aside">{at(words.own.seen, &session.last_seen_at.0)}</td>
                <td class="end">{last}</td>
            </tr>
        }
        .into_any()
    };
    let rows = move || all.get().into_iter().map(row).collect_view().into_any();
    let others = move || all.with(|all| all.len() > 1);
    view! {
        <section class="card" data-sessions>
            <div class="spread pad">
                <h2 id="sessions-title">{app.b(|w| w.own.sessions)}</h2>
                <button class="button tiny" data-end-others disabled=move || !others() on:click=end_others>
                    {app.b(|w| w.own.end_others)}
                </button>
            </div>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="sessions-title">
                <table class="people"><tbody>{live(rows)}</tbody></table>
            </div>
        </section>
    }
}
