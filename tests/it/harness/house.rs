//! The services around accounts on a database of their own, and people to try them with.

use std::net::{IpAddr, Ipv4Addr};

use entity::ids::{UserId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, Value};
use server::config;
use server::coord::rate_limiter::Options;
use server::coord::{EventBus, RateLimiter};
use server::db::Db;
use server::db::dialect::{execute, statement};
use server::domain::access::{Access, Action, Actor, Caller, Scope, SignedIn};
use server::domain::onboarding::{self, Onboarding, SignUp};
use server::domain::plans::{Catalogue, Plans};
use server::domain::wallet::Wallet;
use server::kernel::clock::Clock;
use server::kernel::language::Language;
use server::kernel::secret::{MasterKey, Secret};

use super::database::Database;

/// Where a manual clock starts: 2026-11-22T10:40:00Z.
pub const START: UnixMs = UnixMs(1_795_344_000_000);
/// A password that follows the rules.
pub const PASSWORD: &str = "correct horse battery";

/// The services of accounts.
pub struct House {
    pub access: Access,
    pub plans: Plans,
    pub wallet: Wallet,
    pub onboarding: Onboarding,
    pub bus: EventBus,
    pub clock: Clock,
    pub db: Db,
    pub database: Database,
}

/// Somebody who has signed up.
#[derive(Clone, Debug)]
pub struct Person {
    pub caller: Caller,
    pub email: String,
    pub user_id: UserId,
    pub workspace_id: WorkspaceId,
    pub token: Secret,
}

impl House {
    /// With a configuration that lets a test do as much as it likes.
    pub fn open(database: Database) -> Self {
        Self::with(database, generous())
    }

    pub fn with(database: Database, config: config::Access) -> Self {
        let (db, clock) = (database.db.clone(), Clock::manual(START));
        let limiter = RateLimiter::memory(clock.clone(), Options::default());
        let bus = EventBus::memory();
        let access =
            Access::new(db.clone(), clock.clone(), MasterKey::new([7; 32]), config.clone())
                .with_coordination(limiter, bus.clone());
        let catalogue = Catalogue::embedded().expect("the embedded catalogue");
        let plans = Plans::new(db.clone(), clock.clone(), catalogue);
        let onboarding = Onboarding {
            db: db.clone(),
            clock: clock.clone(),
            key: MasterKey::new([7; 32]),
            access: access.clone(),
            plans: plans.clone(),
            config,
        };
        let wallet = Wallet::new(db.clone(), clock.clone());
        Self { access, plans, wallet, onboarding, bus, clock, db, database }
    }

    /// A person with a workspace of their own, from an address of their own.
    pub async fn person(&self, name: &str) -> Person {
        let caller = visitor(&format!("198.51.100.{}", u8::try_from(name.len()).expect("short")));
        self.sign_up(&caller, name).await.expect("a new account")
    }

    pub async fn sign_up(&self, from: &Caller, name: &str) -> Result<Person, onboarding::Error> {
        let request = sign_up(name);
        let made = self.onboarding.sign_up(from, &request).await?;
        let caller = self.caller_of(from, &made.signed_in).await;
        Ok(Person {
            caller,
            email: request.email,
            user_id: made.signed_in.user.id,
            workspace_id: made.workspace_id,
            token: made.signed_in.session_token,
        })
    }

    /// The next request with this session's cookie.
    pub async fn caller_of(&self, from: &Caller, signed_in: &SignedIn) -> Caller {
        let token = signed_in.session_token.reveal();
        let actor = self.access.authenticate(token).await.expect("an answer");
        Caller { actor: actor.expect("a live session"), ..from.clone() }
    }

    /// `person`, asked again who they are now.
    pub async fn again(&self, person: &Person) -> Caller {
        let actor = self.access.authenticate(person.token.reveal()).await.expect("an answer");
        Caller { actor: actor.expect("a live session"), ..person.caller.clone() }
    }

    pub async fn scope(&self, person: &Person, action: Action) -> Scope {
        let at = person.workspace_id;
        self.access.authorise(&person.caller, at, action).await.expect("a member")
    }

    /// Makes `guest` a member of `host`'s workspace.
    pub async fn join(&self, host: &Person, guest: &Person, role: entity::enums::Role) {
        let scope = self.scope(host, Action::ManageOwners).await;
        let link = self.access.add_member_link(&scope, &guest.email, role).await.expect("a link");
        let joined = self.access.redeem_join_link(&guest.caller, &link.token, None).await;
        joined.expect("a membership");
    }

    /// The one number that `sql` asks for.
    pub async fn number(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let connection = self.db.reader();
        let row = connection.query_one_raw(statement(connection, sql, values)).await;
        let row = row.expect("a statement that works").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    pub async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value> + Clone + Send) {
        use server::db::{Class, Tx};
        let values: Vec<Value> = values.into_iter().collect();
        let work = |tx: Tx| {
            let values = values.clone();
            async move { execute(&*tx, sql, values).await.map(drop) }
        };
        self.db.tx::<(), sea_orm::DbErr, _, _>(Class::Interactive, work).await.expect("it works");
    }
}

/// Limits that no test meets by accident; those that test a limit set it.
pub fn generous() -> config::Access {
    config::Access {
        trials_per_ip_day: 1_000,
        requests_per_ip: 1_000,
        hash_waiting: 1_000,
        ..config::Access::default()
    }
}

/// Somebody who has not signed in.
pub fn visitor(ip: &str) -> Caller {
    Caller {
        ip: Some(ip.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))),
        user_agent: String::from("test browser"),
        ..Caller::local(Actor::Anonymous, "req-test")
    }
}

/// The operator at the machine itself.
pub fn cli() -> Caller {
    Caller::local(Actor::Cli, "cli-test")
}

pub fn sign_up(name: &str) -> SignUp {
    SignUp {
        email: format!("{name}@example.com"),
        password: secret(PASSWORD),
        display_name: name.to_owned(),
        workspace_name: format!("{name}'s studio"),
        industry: None,
        language: Language::En,
    }
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}
