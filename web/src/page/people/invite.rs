//! An invitation, as whoever holds its link sees it: `/invite/TOKEN`.

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::invitations::{
    InvitationSeen, Join, JoinVariables, LookAtInvitation, LookAtInvitationVariables,
    RedeemJoinLinkInput,
};
use crate::api::refusal::Refusal;
use crate::page::browser::{composes, kept, title};
use crate::page::live::live;
use crate::page::shell::{Glyph, Icon, Waiting, role_word};
use crate::page::state::{App, app};
use crate::page::way::{Way, way};
use crate::route::rest;
use crate::words::fill;

/// An invitation while somebody looks at it.
#[derive(Clone, Copy)]
struct Invited {
    app: App,
    way: Way,
    token: StoredValue<String>,
    seen: RwSignal<Option<Result<InvitationSeen, Refusal>>>,
    refused: RwSignal<Option<Refusal>>,
    busy: RwSignal<bool>,
    name: RwSignal<String>,
    password: RwSignal<String>,
}

impl Invited {
    fn new() -> Self {
        let way = way();
        Self {
            app: app(),
            way,
            token: StoredValue::new(way.path.with_untracked(|path| rest(path).to_owned())),
            seen: RwSignal::new(None),
            refused: RwSignal::new(None),
            busy: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            password: RwSignal::new(String::new()),
        }
    }

    fn look(self) {
        spawn_local(async move {
            let variables = LookAtInvitationVariables { token: self.token.get_value() };
            let answer = self.app.ask(LookAtInvitation::build(variables)).await;
            self.seen.try_set(Some(answer.map(|answer| answer.invitation)));
        });
    }

    /// Takes the invitation; who is new says who they are.
    fn join(self, fresh: bool) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let some = |text: String| fresh.then_some(text);
        let input = RedeemJoinLinkInput {
            token: self.token.get_value(),
            display_name: some(self.name.get_untracked().trim().to_owned()),
            password: some(self.password.get_untracked()),
            locale: some(self.app.language.get_untracked().tag().to_owned()),
        };
        spawn_local(async move {
            match self.app.ask(Join::build(JoinVariables { input })).await {
                Ok(answer) => self.arrive(answer.redeem_join_link.workspace_id).await,
                Err(refusal) => {
                    self.busy.try_set(false);
                    self.refused.try_set(Some(refusal));
                }
            }
        });
    }

    /// Looks at the workspace that was joined.
    async fn arrive(self, workspace: cynic::Id) {
        kept::set("workspace", workspace.inner());
        self.app.recognise().await;
        let place = self.app.place.get_untracked().map(|place| place.workspace_name);
        let place = place.unwrap_or_default();
        self.app.say(fill(self.app.books_now().own.joined, &[("name", &place)]));
        self.way.turn("/compose");
    }

    fn title(self) -> String {
        let known = self.seen.with(|seen| match seen {
            Some(Ok(seen)) => Some(seen.workspace_name.clone()),
            _ => None,
        });
        let own = &self.app.books().own;
        let head = known.map(|name| fill(own.invited_to, &[("name", &name)]));
        format!("{} · Reelmill", head.unwrap_or_else(|| self.app.words().all.join.to_owned()))
    }

    fn body(self) -> AnyView {
        let app = self.app;
        match self.seen.get() {
            None => view! { <Waiting /> }.into_any(),
            Some(Err(refusal)) => view! {
                <Icon glyph=Glyph::Reel />
                <h1>{app.b(|w| w.own.no_invitation)}</h1>
                <p class="note bad" role="alert" data-code=refusal.code>{refusal.message}</p>
                <a class="button" href="/compose">{app.t(|w| w.all.to_start)}</a>
            }
            .into_any(),
            Some(Ok(invitation)) => {
                let own = &app.books().own;
                let head = fill(own.invited_to, &[("name", &invitation.workspace_name)]);
                let role = role_word(invitation.role)(app.words());
                let facts: [(&str, &dyn std::fmt::Display); 2] =
                    [("role", &role), ("email", &invitation.email)];
                view! {
                    <Icon glyph=Glyph::Reel />
                    <h1>{head}</h1>
                    <p class="dim">{fill(own.invited_as, &facts)}</p>
                    {self.way_in(&invitation)}
                }
                .into_any()
            }
        }
    }

    /// What whoever looks has to do to get in.
    fn way_in(self, invitation: &InvitationSeen) -> AnyView {
        let (app, busy) = (self.app, self.busy);
        let (words, own) = (app.words(), &app.books().own);
        match app.user.get() {
            None => view! { <Waiting /> }.into_any(),
            Some(Some(user)) if user.email == invitation.email => view! {
                <button
                    class="button primary wide"
                    data-join
                    disabled=move || busy.get()
                    on:click=move |_| self.join(false)
                >
                    {own.accept}
                </button>
            }
            .into_any(),
            Some(Some(user)) => view! {
                <p class="note">{fill(own.other_account, &[("email", &user.email)])}</p>
                <button class="button wide" on:click=move |_| app.leave()>{words.all.sign_out}</button>
            }
            .into_any(),
            Some(None) if invitation.has_account => {
                let to = format!("/sign-in?to=/invite/{}", self.token.get_value());
                view! {
                    <p>{own.sign_in_first}</p>
                    <a class="button primary wide" data-sign-in href=to>{words.all.sign_in}</a>
                }
                .into_any()
            }
            Some(None) => view! { <NewAccount invited=self /> }.into_any(),
        }
    }
}

/// Looks at the invitation and takes it.
#[component]
pub fn InvitePage() -> impl IntoView {
    let invited = Invited::new();
    Effect::new(move |_| {
        // A refusal is a sentence in the language of the request.
        invited.app.language.track();
        invited.look();
    });
    Effect::new(move |_| title(&invited.title()));
    let wrong = move || {
        let refused = invited.refused.get();
        refused.map(|refusal| view! { <p class="note bad">{refusal.message}</p> })
    };
    view! {
        <div class="card stack invited" data-invite>
            {live(move || invited.body())}
            <div role="alert">{live(wrong)}</div>
        </div>
    }
}

/// For who has no account yet.
#[component]
fn NewAccount(invited: Invited) -> impl IntoView {
    let Invited { app, name, password, busy, .. } = invited;
    let hold = |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && composes(&event) {
            event.prevent_default();
        }
    };
    view! {
        <form
            class="stack"
            on:submit=move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                invited.join(true);
            }
        >
            <p>{app.t(|w| w.all.join_intro)}</p>
            <div class="field">
                <label for="name">{app.t(|w| w.all.your_name)}</label>
                <input
                    class="input"
                    id="name"
                    name="name"
                    autocomplete="name"
                    required=""
                    on:input=move |event| name.set(event_target_value(&event))
                    on:keydown=hold
                />
            </div>
            <div class="field">
                <label for="password">{app.t(|w| w.all.password)}</label>
                <input
                    class="input"
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="new-password"
                    aria-describedby="password-rule"
                    on:input=move |event| password.set(event_target_value(&event))
                />
                <small id="password-rule">{app.t(|w| w.all.password_rule)}</small>
            </div>
            <button class="button primary wide" data-join disabled=move || busy.get()>
                {app.b(|w| w.own.accept)}
            </button>
        </form>
    }
}
