//! The domain's services over one database, with a clock that the test moves, and tenants made
//! through the front door.

use std::collections::BTreeMap;

use entity::batch_item;
use entity::enums::{LotSource, Mode, VideoState};
use entity::ids::{TemplateId, VideoId, WorkspaceId};
use entity::values::Credits;
use prompt::{Selection, ValueList};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use sea_orm::{ConnectionTrait as _, DbBackend};
use server::config;
use server::coord::{EventBus, WorkQueue, work_queue};
use server::db::dialect::{execute_exactly, statement};
use server::db::{Class, Db};
use server::domain::access::{Access, Action, Actor, Caller, Scope};
use server::domain::batches::counts::{self, BatchDelta, Intent};
use server::domain::batches::model::Delta;
use server::domain::batches::{
    Batch, Batches, Error, LaunchRequest, Options, Parts, Quote, QuoteRequest,
};
use server::domain::onboarding::{Onboarding, SignUp};
use server::domain::plans::{Catalogue, Plans, SetPlan};
use server::domain::templates::{self, NewTemplate, Templates};
use server::domain::wallet::{self, GrantOrder, Resolution, Verdict, Wallet};
use server::kernel::clock::Clock;
use server::kernel::language::Language;
use server::kernel::page::PageArgs;
use server::kernel::secret::{MasterKey, Secret};

/// Services of one installation.
pub struct World {
    pub db: Db,
    pub clock: Clock,
    pub access: Access,
    pub onboarding: Onboarding,
    pub plans: Plans,
    pub templates: Templates,
    pub wallet: Wallet,
    pub batches: Batches,
    pub queue: WorkQueue,
}

/// A workspace and its owner.
#[derive(Clone)]
pub struct Tenant {
    pub caller: Caller,
    pub workspace_id: WorkspaceId,
}

impl World {
    /// Services with the usual limits.
    pub fn new(db: &Db) -> Self {
        Self::with(db, Options::default())
    }

    /// Services with these limits.
    pub fn with(db: &Db, options: Options) -> Self {
        let db = db.clone();
        let clock = Clock::manual(Clock::system().now());
        let accounts = config::Access {
            trials_per_ip_day: 1_000,
            requests_per_ip: 1_000,
            ..config::Access::default()
        };
        let access =
            Access::new(db.clone(), clock.clone(), MasterKey::new([7; 32]), accounts.clone());
        let catalogue = Catalogue::embedded().expect("the embedded plans");
        let plans = Plans::new(db.clone(), clock.clone(), catalogue);
        let templates = Templates::new(db.clone(), clock.clone(), templates::Options::default());
        let queue = WorkQueue::memory(work_queue::Options::default());
        let parts = Parts {
            db: db.clone(),
            clock: clock.clone(),
            templates: templates.clone(),
            plans: plans.clone(),
            queue: queue.clone(),
            bus: EventBus::memory(),
        };
        let onboarding = Onboarding {
            db: db.clone(),
            clock: clock.clone(),
            key: MasterKey::new([7; 32]),
            access: access.clone(),
            plans: plans.clone(),
            config: accounts,
        };
        let wallet = Wallet::new(db.clone(), clock.clone());
        let batches = Batches::new(parts, options);
        Self { db, clock, access, onboarding, plans, templates, wallet, batches, queue }
    }

    /// A workspace on the trial plan, with its 48 credits.
    pub async fn trial(&self, name: &str) -> Tenant {
        let request = SignUp {
            email: format!("{name}@example.com"),
            password: Secret::new(String::from("correct horse battery")),
            display_name: name.to_owned(),
            workspace_name: name.to_owned(),
            industry: None,
            language: Language::En,
        };
        let anonymous = Caller::local(Actor::Anonymous, "sign-up");
        let made = self.onboarding.sign_up(&anonymous, &request).await.expect("a sign-up");
        let user_id = made.signed_in.user.id;
        let session_id = made.signed_in.session_id;
        let actor = Actor::User { user_id, session_id, is_operator: false, access_epoch: 0 };
        Tenant { caller: Caller::local(actor, "test"), workspace_id: made.workspace_id }
    }

    /// A workspace on a plan, with so many credits more.
    pub async fn tenant(&self, name: &str, plan: &str, credits: i64) -> Tenant {
        let tenant = self.trial(name).await;
        self.put_on(&tenant, plan, None).await;
        if credits > 0 {
            self.grant(&tenant, credits).await;
        }
        tenant
    }

    /// Changes the plan, by contract where one is given.
    pub async fn put_on(&self, tenant: &Tenant, plan: &str, contract: Option<serde_json::Value>) {
        let change = SetPlan {
            workspace_id: tenant.workspace_id,
            plan: plan.to_owned(),
            contract,
            reason: String::from("test"),
        };
        self.plans.set_plan(&operator(), &change).await.expect("a plan");
    }

    /// Grants live credits.
    pub async fn grant(&self, tenant: &Tenant, credits: i64) {
        let order = GrantOrder {
            workspace_id: tenant.workspace_id,
            mode: Mode::Live,
            source: LotSource::Purchase,
            reference: server::kernel::ids::mint::<uuid::Uuid>(self.clock.now()).to_string(),
            amount: Credits(credits),
            expires_at: None,
            reason: String::from("test"),
        };
        self.wallet.grant(&operator(), &order).await.expect("a grant");
    }

    /// What the tenant's owner may do.
    pub async fn scope(&self, tenant: &Tenant, action: Action) -> Scope {
        let scope = self.access.authorise(&tenant.caller, tenant.workspace_id, action).await;
        scope.expect("the owner may")
    }

    /// A template whose selection makes `videos` videos of one axis.
    pub async fn template(&self, tenant: &Tenant, videos: usize) -> TemplateId {
        self.template_of(tenant, (0..videos).map(|n| format!("scene {n}")).collect()).await
    }

    /// A template of one variable with these values.
    pub async fn template_of(&self, tenant: &Tenant, values: Vec<String>) -> TemplateId {
        let selection = Selection { lists: vec![list("scene", values)], ..Selection::default() };
        let new = NewTemplate {
            name: String::from("Test"),
            purpose: None,
            source: String::from("A cat in {scene}, noir"),
            selection,
        };
        let scope = self.scope(tenant, Action::EditTemplates).await;
        self.templates.create(&scope, new).await.expect("a template").id
    }

    /// A quote over `videos` videos at 1 credit each.
    pub async fn quote(&self, tenant: &Tenant, videos: usize) -> Quote {
        let template_id = self.template(tenant, videos).await;
        let scope = self.scope(tenant, Action::Quote).await;
        self.batches.quote(&scope, of_template(template_id)).await.expect("a quote")
    }

    /// A quote over every combination of axes of so many values, at 1 credit each.
    pub async fn quote_of(&self, tenant: &Tenant, axes: &[(&str, usize)]) -> Quote {
        let values = |name: &str, n: usize| (0..n).map(|at| format!("{name} {at}")).collect();
        let lists = axes.iter().map(|(name, n)| list(name, values(name, *n))).collect();
        let names: Vec<String> = axes.iter().map(|(name, _)| format!("{{{name}}}")).collect();
        let new = NewTemplate {
            name: String::from("Test"),
            purpose: None,
            source: format!("A cat, {}", names.join(", ")),
            selection: Selection { lists, ..Selection::default() },
        };
        let scope = self.scope(tenant, Action::EditTemplates).await;
        let template_id = self.templates.create(&scope, new).await.expect("a template").id;
        let scope = self.scope(tenant, Action::Quote).await;
        self.batches.quote(&scope, of_template(template_id)).await.expect("a quote")
    }

    /// Launches a quote under a key of its own.
    pub async fn launch(&self, tenant: &Tenant, quote: &Quote) -> Result<Batch, Error> {
        let scope = self.scope(tenant, Action::Launch).await;
        self.batches.launch(&scope, request(quote, &quote.id.to_string())).await
    }

    /// A launched batch of `videos` videos.
    pub async fn batch(&self, tenant: &Tenant, videos: usize) -> Batch {
        let quote = self.quote(tenant, videos).await;
        self.launch(tenant, &quote).await.expect("a launch")
    }

    /// The live balance: available and held.
    pub async fn balance(&self, tenant: &Tenant) -> (i64, i64) {
        let scope = self.scope(tenant, Action::ReadMoney).await;
        let balance = self.wallet.balance(&scope, Mode::Live).await.expect("a balance");
        (balance.available.0, balance.held.0)
    }

    /// The videos of a batch in ordinal order, straight from the table.
    pub async fn videos(&self, batch: &Batch) -> Vec<batch_item::Model> {
        batch_item::Entity::find()
            .filter(batch_item::Column::BatchId.eq(batch.id))
            .order_by_asc(batch_item::Column::Ordinal)
            .all(self.db.reader())
            .await
            .expect("videos")
    }

    /// Plays the line: these videos were claimed and are being rendered.
    pub async fn start(&self, batch: &Batch, ordinals: &[i64]) {
        self.play(batch, ordinals, VideoState::Rendering).await;
    }

    /// Plays the line: these videos ended, with their shares, as a settlement would do it.
    pub async fn finish(&self, batch: &Batch, ordinals: &[i64], state: VideoState) {
        self.play(batch, ordinals, state).await;
    }

    async fn play(&self, batch: &Batch, ordinals: &[i64], state: VideoState) {
        let now = self.clock.now();
        let chosen: Vec<batch_item::Model> = self.videos(batch).await;
        let chosen = || chosen.iter().filter(|video| ordinals.contains(&video.ordinal));
        let moved: Vec<VideoId> = chosen().map(|video| video.id).collect();
        let pilots = i64::try_from(chosen().filter(|video| video.pilot).count()).expect("few");
        assert_eq!(moved.len(), ordinals.len());
        let moved = &moved;
        let done: Result<(), Error> = self
            .db
            .tx(Class::Money, |tx| async move {
                let count = i64::try_from(moved.len()).expect("small");
                let ended = if state.is_terminal() { count } else { 0 };
                let mut books = wallet::lock_in_tx(&tx, &[batch.wallet_id]).await?;
                let intent = Intent { batch_id: batch.id, ending: ended, undelivered: true };
                let locked = counts::lock_in_tx(&tx, &[intent]).await?;
                let rev = locked.next_rev(batch.id).expect("the batch");
                for video_id in moved {
                    let sql = "UPDATE batch_items SET state = $2, rev = $3 WHERE id = $1";
                    let values = [(*video_id).into(), state.as_str().into(), rev.into()];
                    execute_exactly(&*tx, sql, values, 1).await?;
                }
                let verdict = match state {
                    VideoState::Delivered => Verdict::Capture,
                    _ => Verdict::Release,
                };
                let only = |wanted| if state == wanted { count } else { 0 };
                if ended > 0 {
                    let ends: Vec<_> = moved
                        .iter()
                        .map(|video_id| Resolution { video_id: *video_id, verdict })
                        .collect();
                    wallet::resolve_in_tx(&tx, &mut books, &ends, now).await?;
                }
                let delta = Delta {
                    delivered: only(VideoState::Delivered),
                    failed: only(VideoState::Failed),
                    cancelled: only(VideoState::Cancelled),
                    pilot_ended: if state.is_terminal() { pilots } else { 0 },
                    claimed: true,
                    close: None,
                };
                let change = BatchDelta { batch_id: batch.id, delta };
                counts::apply_in_tx(&tx, locked, &[change], now).await?;
                wallet::finish_in_tx(&tx, books).await?;
                Ok(())
            })
            .await;
        done.expect("the line's transaction");
    }

    /// One number from the database.
    pub async fn number(&self, sql: &str) -> i64 {
        let reader = self.db.reader();
        let sql = format!("SELECT CAST(({sql}) AS BIGINT) AS n");
        let row = reader.query_one_raw(statement(reader, sql, [])).await.expect("a number");
        row.expect("a row").try_get::<Option<i64>>("", "n").expect("n").unwrap_or(0)
    }

    /// Everything that a refusal must leave alone: the rows of every table, and the counters.
    pub async fn picture(&self) -> BTreeMap<String, i64> {
        let mut picture = BTreeMap::new();
        for table in self.tables().await {
            let rows = self.number(&format!("SELECT count(*) FROM {table}")).await;
            picture.insert(table, rows);
        }
        for (name, sql) in [
            ("available", "SELECT sum(available) FROM credit_wallet"),
            ("held", "SELECT sum(held) FROM credit_wallet"),
            ("wseq", "SELECT sum(wseq) FROM credit_wallet"),
            ("lots", "SELECT sum(remaining) FROM credit_lot"),
            ("day", "SELECT sum(used) FROM daily_allowances"),
            ("open", "SELECT sum(open_count) FROM open_batches"),
            ("rev", "SELECT sum(rev) FROM batch_jobs"),
            ("versions", "SELECT sum(latest_version) FROM templates"),
        ] {
            picture.insert(format!("#{name}"), self.number(sql).await);
        }
        picture
    }

    async fn tables(&self) -> Vec<String> {
        let reader = self.db.reader();
        let sql = match reader.get_database_backend() {
            DbBackend::Sqlite => {
                "SELECT name AS t FROM sqlite_master WHERE type = 'table' \
                 AND name NOT LIKE 'sqlite_%'"
            }
            _ => {
                "SELECT table_name::text AS t FROM information_schema.tables \
                 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            }
        };
        let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("tables");
        rows.iter().map(|row| row.try_get("", "t").expect("a name")).collect()
    }
}

/// The operator on the machine itself.
pub fn operator() -> Caller {
    Caller::local(Actor::Cli, "test")
}

/// A list of values.
pub fn list(name: &str, values: Vec<String>) -> ValueList {
    ValueList { name: name.to_owned(), values }
}

/// A request that leaves everything to the defaults.
pub fn of_template(template_id: TemplateId) -> QuoteRequest {
    QuoteRequest {
        template_id,
        version: None,
        selection: None,
        model: None,
        seconds: None,
        aspect: None,
        resolution: None,
        seed: Some(7),
        mode: Mode::Live,
    }
}

/// A launch of a quote under a key.
pub fn request(quote: &Quote, key: &str) -> LaunchRequest {
    LaunchRequest {
        quote_id: quote.id,
        name: None,
        idempotency_key: key.to_owned(),
        pilot: None,
        stop_loss: None,
    }
}

/// The first `first` rows, after a cursor.
pub fn page(first: i32, after: Option<&str>) -> PageArgs {
    PageArgs::new(first.into(), after).expect("a sound page")
}
