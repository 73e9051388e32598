//! What every page shares: language, theme, who is signed in, credits, notices.

use std::time::Duration;

use cynic::{MutationBuilder as _, QueryBuilder as _};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::browser::ask::{self, Asking};
use super::browser::{kept, mark};
use crate::api::account::{Membership, SignOut, User, WhoAmI};
use crate::api::refusal::Refusal;
use crate::api::scalars::Role;
use crate::api::wallet::{Balance, BalanceVariables, Standing};
use crate::crossing;
use crate::words::{Books, Language, Words};

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(6);
/// Where notices wait for the other program.
const NOTICES: &str = "notices";

/// Shared by every page; cheap to copy.
#[derive(Clone, Copy)]
pub struct App {
    /// The language of the page.
    pub language: RwSignal<Language>,
    /// As chosen.
    pub theme: RwSignal<Theme>,
    /// Who is signed in; `None` inside for nobody, outside for not asked yet.
    pub user: RwSignal<Option<Option<User>>>,
    /// Which workspace is looked at.
    pub place: RwSignal<Option<Membership>>,
    /// Its credits and plan, for roles that see them.
    pub standing: RwSignal<Option<Standing>>,
    /// What is being said in a corner.
    pub notices: RwSignal<Vec<Notice>>,
}

/// Light, dark or the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// One thing said in a corner.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// Tells it from others.
    pub number: u32,
    /// What is said.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// The shared state.
pub fn app() -> App {
    use_context::<App>().unwrap_or_else(App::new)
}

impl App {
    /// As this device was left.
    pub fn new() -> Self {
        Self {
            language: RwSignal::new(kept_language()),
            theme: RwSignal::new(kept_theme()),
            user: RwSignal::new(None),
            place: RwSignal::new(None),
            standing: RwSignal::new(None),
            notices: RwSignal::new(Vec::new()),
        }
    }

    /// A word, kept in the page's language.
    pub fn t(
        self,
        pick: fn(&'static Words) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || pick(self.language.get().words())
    }

    /// A word of the third program's own, kept in the page's language.
    pub fn b(
        self,
        pick: fn(&'static Books) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || pick(self.language.get().books())
    }

    /// Every word of the third program's own; whoever reads it follows the language.
    pub fn books(self) -> &'static Books {
        self.language.get().books()
    }

    /// The same, for a moment that is not shown on.
    pub fn books_now(self) -> &'static Books {
        self.language.get_untracked().books()
    }

    /// Every word, in the language of this moment; whoever reads it follows the language.
    pub fn words(self) -> &'static Words {
        self.language.get().words()
    }

    /// Every word, for a moment that is not shown on.
    pub fn words_now(self) -> &'static Words {
        self.language.get_untracked().words()
    }

    /// Asks the API in the page's language.
    pub fn ask<Q: DeserializeOwned, V: Serialize>(
        self,
        operation: cynic::Operation<Q, V>,
    ) -> Asking<Q> {
        self.read(operation, &[])
    }

    /// Asks the API, and reads only what stands at a path of the answer: what it takes to read the
    /// rest need not be loaded.
    pub fn read<Q, V: Serialize, T: DeserializeOwned>(
        self,
        operation: cynic::Operation<Q, V>,
        path: &'static [&'static str],
    ) -> Asking<T> {
        let told = (self.language.get_untracked(), self.sign_out_when_told());
        ask::ask(operation, path, told)
    }

    fn sign_out_when_told(self) -> Box<dyn FnOnce(&Refusal)> {
        Box::new(move |refusal| {
            if refusal.is("UNAUTHENTICATED") {
                self.user.set(Some(None));
            }
        })
    }

    /// Changes the language everywhere.
    pub fn speak(self, language: Language) {
        kept::set("language", language.tag());
        mark("lang", Some(language.tag()));
        self.language.set(language);
    }

    /// Changes the theme.
    pub fn paint(self, theme: Theme) {
        match theme {
            Theme::System => kept::remove("theme"),
            Theme::Light => kept::set("theme", "light"),
            Theme::Dark => kept::set("theme", "dark"),
        }
        let dark = theme == Theme::Dark || theme == Theme::System && system_is_dark();
        mark("data-theme", Some(if dark { "dark" } else { "light" }));
        self.theme.set(theme);
    }

    /// Says something in a corner; readers hear it too.
    pub fn say(self, text: impl Into<String>) {
        self.notice(text.into(), false);
    }

    /// Says what went wrong.
    pub fn complain(self, refusal: &Refusal) {
        self.notice(refusal.message.clone(), true);
    }

    fn notice(self, text: String, bad: bool) {
        let number =
            self.notices.with_untracked(|all| all.last().map_or(0, |last| last.number + 1));
        self.notices.update(|all| {
            all.retain(|notice| notice.text != text);
            all.push(Notice { number, text, bad });
        });
        set_timeout(move || self.dismiss(number), NOTICE);
    }

    /// Leaves what is being said for the other program.
    pub fn hand_over(self) {
        let said = self.notices.with_untracked(|all| {
            all.iter().map(|notice| (notice.text.clone(), notice.bad)).collect::<Vec<_>>()
        });
        if !said.is_empty() {
            kept::hand_over(NOTICES, &crossing::write(&said));
        }
    }

    /// Goes on saying what the other program left, and looks around when a document that was left
    /// is shown again as it was: another one may have changed language, theme, place or credits.
    pub fn hear(self) {
        for (text, bad) in crossing::read(&kept::take_over(NOTICES).unwrap_or_default()) {
            self.notice(text, bad);
        }
        let shown = window_event_listener(leptos::ev::pageshow, move |event| {
            if event.persisted() {
                self.speak(kept_language());
                self.paint(kept_theme());
                spawn_local(self.recognise());
            }
        });
        on_cleanup(move || shown.remove());
    }

    /// Takes a notice away.
    pub fn dismiss(self, number: u32) {
        self.notices.update(|all| all.retain(|notice| notice.number != number));
    }

    /// The workspace's id; empty for nobody.
    pub fn workspace(self) -> cynic::Id {
        let place = self.place.get_untracked();
        place.map_or_else(|| "".into(), |place| place.workspace_id)
    }

    /// Whether the role at this place reaches this one.
    pub fn is_at_least(self, role: Role) -> bool {
        self.place.get().is_some_and(|place| place.role >= role)
    }

    /// Asks who is signed in, and looks after place and credits.
    pub async fn recognise(self) {
        let user: Option<User> = match self.read(WhoAmI::build(()), &["me"]).await {
            Ok(user) => user,
            Err(refusal) => {
                self.complain(&refusal);
                None
            }
        };
        let wanted = kept::get("workspace");
        let place = user.as_ref().and_then(|user| {
            let places = &user.memberships;
            let known =
                places.iter().find(|place| Some(place.workspace_id.inner()) == wanted.as_deref());
            known.or_else(|| places.first()).cloned()
        });
        self.place.set(place);
        self.user.set(Some(user));
        self.count_credits();
    }

    /// Looks at another workspace of the user.
    pub fn move_to(self, place: Membership) {
        kept::set("workspace", place.workspace_id.inner());
        self.standing.set(None);
        self.place.set(Some(place));
        self.count_credits();
    }

    /// Reads balance and plan again.
    pub fn count_credits(self) {
        let sees = self.place.with_untracked(|place| {
            place.as_ref().is_some_and(|place| place.role >= Role::Producer)
        });
        if !sees {
            return;
        }
        spawn_local(async move {
            let workspace = self.workspace();
            let asked = Balance::build(BalanceVariables { workspace });
            if let Ok(standing) = self.read(asked, &["workspace"]).await {
                self.standing.set(Some(standing));
            }
        });
    }

    /// Signs out.
    pub fn leave(self) {
        spawn_local(async move {
            let answer = self.read::<_, _, IgnoredAny>(SignOut::build(()), &[]).await;
            if let Err(refusal) = answer {
                self.complain(&refusal);
            }
            kept::remove("draft");
            kept::remove("workspace");
            self.standing.set(None);
            self.place.set(None);
            self.user.set(Some(None));
        });
    }
}

/// As chosen on this device, or else the system's.
fn kept_language() -> Language {
    let chosen = kept::get("language").and_then(|tag| Language::of_tag(&tag));
    let system = web_sys::window().and_then(|window| window.navigator().language());
    chosen.or_else(|| Language::of_tag(&system?)).unwrap_or_default()
}

fn kept_theme() -> Theme {
    match kept::get("theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

fn system_is_dark() -> bool {
    let query = web_sys::window()
        .and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
