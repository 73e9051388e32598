//! Settings: language, theme, workspace, members, sessions; and an invitation as its link shows it.

mod invitations;
mod invite;
mod sessions;

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use invitations::Invitations;
pub use invite::InvitePage;
use sessions::Sessions;

use super::browser::clock::{day, moment};
use super::browser::{address, copy, title};
use super::shell::{Themes, role_word};
use super::state::app;
use crate::api::people::{
    CreateJoinLink, CreateJoinLinkInput, CreateJoinLinkVariables, JoinLinkPayload, Member,
    MembersPage, MembersVariables, RemoveMember, RemoveMemberInput, RemoveMemberVariables,
    SetMemberRole, SetMemberRoleInput, SetMemberRoleVariables,
};
use crate::api::scalars::Role;
use crate::page::live::{When, live};
use crate::words::{Language, fill};

const ROLES: [Role; 4] = [Role::Viewer, Role::Producer, Role::Admin, Role::Owner];

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let app = app();
    Effect::new(move |_| title(&format!("{} · Reelmill", app.words().all.settings)));
    let language = move |own: Language, name: &'static str| {
        view! {
            <label lang=own.tag()>
                <input
                    type="radio"
                    name="language"
                    prop:checked=move || app.language.get() == own
                    on:change=move |_| app.speak(own)
                />
                {name}
            </label>
        }
    };
    view! {
        <div class="settings">
            <header><h1>{app.t(|w| w.all.settings)}</h1></header>
            <section class="card pad grid-2" aria-label=app.t(|w| w.all.appearance)>
                <fieldset class="field">
                    <legend class="legend">{app.t(|w| w.all.language_setting)}</legend>
                    <div class="segments">
                        {language(Language::Zh, "简体中文")} {language(Language::En, "English")}
                    </div>
                </fieldset>
                <div class="field">
                    <span aria-hidden="true">{app.t(|w| w.all.theme)}</span>
                    <Themes />
                </div>
            </section>
            <Plan />
            <Members />
            <Sessions />
        </div>
    }
}

/// The plan and its limits, and the other workspaces of the user.
#[component]
fn Plan() -> impl IntoView {
    let app = app();
    let limits = live(move || {
        let plan = app.standing.get()?.plan;
        let words = app.words();
        let limit = |sentence: &str, n: i64| {
            let text = fill(sentence, &[("n", &crate::format::whole(n.into()))]);
            view! { <li>{text}</li> }
        };
        let granted = plan.entitlement;
        Some(view! {
            <h3>{plan.title}</h3>
            <ul class="dim">
                {limit(words.all.plan_batch, granted.max_videos_per_batch.0)}
                {limit(words.all.plan_day, granted.max_videos_per_day.0)}
                {limit(words.all.plan_flight, granted.concurrency.0)}
            </ul>
        })
    });
    let places = move || app.user.get().flatten().map(|user| user.memberships).unwrap_or_default();
    let place = move |membership: crate::api::account::Membership| {
        let own = membership.workspace_id.clone();
        let here =
            move || app.place.with(|place| place.as_ref().is_some_and(|p| p.workspace_id == own));
        let name = membership.workspace_name.clone();
        view! {
            <label class="check">
                <input type="radio" name="workspace" prop:checked=here on:change=move |_| app.move_to(membership.clone()) />
                {name}
            </label>
        }
    };
    view! {
        <section class="card pad grid-2">
            <div class="stack-tight">
                <h2>{app.t(|w| w.all.plan)}</h2>
                {limits}
            </div>
            <fieldset class="stack-tight">
                <legend class="legend">{app.t(|w| w.all.workspace_name)}</legend>
                {live(move || places().into_iter().map(place).collect_view())}
            </fieldset>
        </section>
    }
}

/// Who is here; admins invite, promote and remove.
#[component]
fn Members() -> impl IntoView {
    let app = app();
    let members = RwSignal::new(Vec::<Member>::new());
    let read = Callback::new(move |()| {
        spawn_local(async move {
            let variables = MembersVariables { workspace: app.workspace() };
            match app.ask(MembersPage::build(variables)).await {
                Ok(answer) => {
                    members.try_set(answer.workspace.members.nodes);
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    });
    read.run(());
    let row = move |member: Member| view! { <Person member=member changed=read /> };
    view! {
        <section class="card">
            <div class="pad"><h2 id="members-title">{app.t(|w| w.all.members)}</h2></div>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="members-title">
                <table class="people">
                    <tbody>{live(move || members.get().into_iter().map(row).collect_view())}</tbody>
                </table>
            </div>
            <When holds=move || app.is_at_least(Role::Admin)>
                <Invite />
            </When>
        </section>
    }
}

#[component]
fn Person(member: Member, changed: Callback<()>) -> impl IntoView {
    let app = app();
    let id = StoredValue::new(member.user_id.clone());
    let own = app.user.get_untracked().flatten().is_some_and(|user| user.id == member.user_id);
    let can = move || app.is_at_least(Role::Admin) && !own;
    let promote = move |event| {
        let wanted = event_target_value(&event);
        let Some(role) = ROLES.into_iter().find(|role| format!("{role:?}") == wanted) else {
            return;
        };
        spawn_local(async move {
            let input =
                SetMemberRoleInput { workspace_id: app.workspace(), user_id: id.get_value(), role };
            if let Err(refusal) =
                app.ask(SetMemberRole::build(SetMemberRoleVariables { input })).await
            {
                app.complain(&refusal);
            }
            changed.run(());
        });
    };
    let remove = move |_| {
        spawn_local(async move {
            let input =
                RemoveMemberInput { workspace_id: app.workspace(), user_id: id.get_value() };
            if let Err(refusal) =
                app.ask(RemoveMember::build(RemoveMemberVariables { input })).await
            {
                app.complain(&refusal);
            }
            changed.run(());
        });
    };
    let role = member.role;
    let since = member.since.0.clone();
    let joined = live(move || {
        let language = app.language.get();
        fill(language.words().all.since, &[("date", &day(&since, language))])
    });
    let label = move || app.words().all.invite_role;
    let choice = move || {
        let options = ROLES.map(|own| {
            view! { <option value=format!("{own:?}") selected=own == role>{app.t(role_word(own))}</option> }
        });
        view! {
            <select class="input tiny-select" aria-label=label on:change=promote>{options}</select>
            <button class="button ghost tiny danger" on:click=remove>{app.t(|w| w.all.remove)}</button>
        }
    };
    view! {
        <tr data-member>
            <td>
                <b>{member.display_name}</b>
                <div class="dim">{member.email}</div>
            </td>
            <td class="dim nowrap aside">{joined}</td>
            <td class="end">
                <When holds=can otherwise=move || view! { <span class="badge">{app.t(role_word(role))}</span> }>
                    <span class="row">{live(choice)}</span>
                </When>
            </td>
        </tr>
    }
}

#[component]
fn Invite() -> impl IntoView {
    let app = app();
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(Role::Producer);
    let made = RwSignal::new(None::<(String, JoinLinkPayload)>);
    let invited = Memo::new(move |_| {
        made.with(|made| made.as_ref().map(|(_, link)| link.token.clone()).unwrap_or_default())
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let whom = email.get_untracked().trim().to_owned();
        spawn_local(async move {
            let input = CreateJoinLinkInput {
                workspace_id: app.workspace(),
                email: whom.clone(),
                role: role.get_untracked(),
            };
            match app.ask(CreateJoinLink::build(CreateJoinLinkVariables { input })).await {
                Ok(answer) => {
                    made.set(Some((whom, answer.create_join_link)));
                    email.set(String::new());
                }
                Err(refusal) => app.complain(&refusal),
            }
        });
    };
    let shown = live(move || {
        made.get().map(|(whom, link)| {
            let time = moment(&link.expires_at.0, app.language.get());
            let text = fill(app.words().all.invite_made, &[("email", &whom), ("time", &time)]);
            let whole = address(&format!("/invite/{}", link.token));
            let link = whole.clone();
            view! {
                <div class="note stack-tight">
                    <p>{text}</p>
                    <div class="row">
                        <code data-invite-link>{whole}</code>
                        <button
                            class="button tiny"
                            type="button"
                            on:click=move |_| {
                                copy(&link);
                                app.say(app.words_now().all.copied);
                            }
                        >
                            {app.t(|w| w.all.copy)}
                        </button>
                    </div>
                </div>
            }
        })
    });
    view! {
        <form class="pad stack-tight" data-invite-form on:submit=send>
            <div class="row">
                <input
                    class="input invite"
                    type="email"
                    required=""
                    aria-label=app.t(|w| w.all.email)
                    placeholder=app.t(|w| w.all.email)
                    prop:value=move || email.get()
                    on:input=move |event| email.set(event_target_value(&event))
                />
                <select
                    class="input tiny-select"
                    aria-label=app.t(|w| w.all.invite_role)
                    on:change=move |event| {
                        let wanted = event_target_value(&event);
                        let found = ROLES.into_iter().find(|role| format!("{role:?}") == wanted);
                        role.set(found.unwrap_or(Role::Viewer));
                    }
                >
                    {[Role::Producer, Role::Viewer, Role::Admin]
                        .map(|own| view! { <option value=format!("{own:?}")>{app.t(role_word(own))}</option> })}
                </select>
                <button class="button">{app.t(|w| w.all.invite)}</button>
            </div>
            {shown}
        </form>
        <Invitations changed=invited />
    }
}
