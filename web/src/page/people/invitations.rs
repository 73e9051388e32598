//! Invitations that stand open.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::invitations::{
    Invitation, Invitations as Asked, RevokeInvitation, RevokeInvitationInput,
    RevokeInvitationVariables,
};
use crate::api::scalars::PlaceVariables;
use crate::page::browser::clock::moment;
use crate::page::live::live;
use crate::page::shell::role_word;
use crate::page::state::app;
use crate::words::fill;

/// The list, read again whenever `changed` says that another was made.
#[component]
pub fn Invitations(#[prop(into)] changed: Signal<String>) -> impl IntoView {
    let app = app();
    let all = RwSignal::new(Vec::<Invitation>::new());
    let read = Callback::new(move |()| {
        spawn_local(async move {
            let variables = PlaceVariables { workspace: app.workspace() };
            match app.ask(Asked::build(variables)).await {
                Ok(answer) => {
                    all.try_set(answer.workspace.invitations.nodes);
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    });
    Effect::new(move |_| {
        // Read, not only tracked: what nobody reads is never computed.
        changed.with(|_| ());
        read.run(());
    });
    let revoke = Callback::new(move |id: cynic::Id| {
        spawn_local(async move {
            let input = RevokeInvitationInput { workspace_id: app.workspace(), invitation_id: id };
            match app.ask(RevokeInvitation::build(RevokeInvitationVariables { input })).await {
                Ok(_) => app.say(app.books_now().own.taken_back),
                Err(refusal) => app.complain(&refusal),
            }
            read.run(());
        });
    });
    let row = move |invitation: Invitation| {
        let language = app.language.get();
        let words = language.books();
        let until = moment(&invitation.expires_at.0, language);
        let label = format!("{}: {}", words.own.take_back, invitation.email);
        let (id, email) = (invitation.id.clone(), invitation.email);
        view! {
            <tr data-invitation=email.clone()>
                <td>
                    {email.clone()}
                    <div class="dim small">{fill(words.own.invited_until, &[("time", &until)])}</div>
                </td>
                <td><span class="badge">{role_word(invitation.role)(language.words())}</span></td>
                <td class="end">
                    <button class="button tiny" aria-label=label on:click=move |_| revoke.run(id.clone())>
                        {words.own.take_back}
                    </button>
                </td>
            </tr>
        }
        .into_any()
    };
    let table = move || {
        let rows = all.get();
        if rows.is_empty() {
            return ().into_any();
        }
        view! {
            <div class="opened">
                <h3 id="invitations-title">{app.b(|w| w.own.invitations)}</h3>
                <div class="table-wrap" tabindex="0" role="region" aria-labelledby="invitations-title">
                    <table class="people"><tbody>{rows.into_iter().map(row).collect_view()}</tbody></table>
                </div>
            </div>
        }
        .into_any()
    };
    view! { {live(table)} }
}
