//! No secret is stored as it is, printed, or logged: the database is searched, byte by byte, for
//! what went in, and so is everything the code says while it works.

use std::io::Write;
use std::sync::{Arc, Mutex};

use entity::enums::Role;
use sea_orm::{ConnectionTrait as _, DbBackend, EntityTrait as _};
use server::db::dialect::statement;
use server::domain::access::Action;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::database::Database;
use crate::harness::house::{House, PASSWORD, Person, cli, secret, visitor};

const WRONG: &str = "wrong zebra battery";
const NEXT: &str = "fresh zebra battery";

/// What the code logs, at every level.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

// One thread, so that the thread's subscriber hears everything.
#[tokio::test]
async fn no_secret_is_stored_or_told_on_sqlite() {
    nothing_leaks(Database::sqlite().await).await;
}

#[tokio::test]
async fn no_secret_is_stored_or_told_on_postgres() {
    nothing_leaks(Database::postgres().await).await;
}

async fn nothing_leaks(database: Database) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .finish();
    let house = House::open(database);
    let (told, secrets, ada) = {
        let _heard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);
        busy_day(&house).await
    };
    let heard = String::from_utf8_lossy(&lines.0.lock().expect("no panic")).into_owned();
    for word in secrets.iter().chain([&ada.email]) {
        assert!(!heard.contains(word.as_str()), "the log tells {word}");
        assert!(!told.contains(word.as_str()), "a printed value tells {word}");
    }
    let stored = dump(&house).await;
    assert!(stored.contains("ada@example.com"), "the search finds what is there");
    for word in &secrets {
        assert!(!stored.contains(word.as_str()), "{word} is stored as it is");
    }
    let audited = dump_table(&house, "audit_log").await;
    assert!(!audited.contains("example.com"), "an audit row names an address");
    let hashes =
        "SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
    let people = house.number("SELECT count(*) FROM users", []).await;
    assert_eq!(house.number(hashes, []).await, people);
}

/// Everything that handles secrets, once; returns what was printed of it, and the secrets.
async fn busy_day(house: &House) -> (String, Vec<String>, Person) {
    let ada = house.person("ada").await;
    let bobby = house.person("bobby").await;
    let signed_in = house.access.sign_in(&ada.caller, &ada.email, &secret(PASSWORD)).await;
    let signed_in = signed_in.expect("signed in");
    let wrong = house.access.sign_in(&ada.caller, &ada.email, &secret(WRONG)).await;
    house.access.request_reset(&ada.caller, &ada.email).await.expect("asked");
    let reset = house.access.create_reset_link(&cli(), &ada.email).await.expect("a link");
    let scope = house.scope(&ada, Action::ManageMembers).await;
    let join = house.access.add_member_link(&scope, &bobby.email, Role::Viewer).await;
    let join = join.expect("a link");
    let joined = house.access.redeem_join_link(&bobby.caller, &join.token, None).await;
    let caller = visitor("203.0.113.1");
    let page = server::kernel::page::PageArgs { first: 10, after: None };
    let members = house.access.members(&scope, &page).await;
    let again = house.access.redeem_reset_link(&caller, &reset.token, &secret(NEXT)).await;
    let reader = house.db.reader();
    let rows = (
        entity::user::Entity::find().all(reader).await,
        entity::session::Entity::find().all(reader).await,
        entity::one_time_link::Entity::find().all(reader).await,
    );
    let told = format!(
        "{signed_in:?} {wrong:?} {reset:?} {join:?} {joined:?} {members:?} {again:?} {rows:?}"
    );
    let secrets = [PASSWORD, WRONG, NEXT]
        .map(str::to_owned)
        .into_iter()
        .chain(
            [&ada.token, &bobby.token, &signed_in.session_token, &reset.token, &join.token]
                .map(|token| token.reveal().to_owned()),
        )
        .collect();
    (told, secrets, ada)
}

async fn dump(house: &House) -> String {
    let mut text = String::new();
    for table in ["users", "sessions", "one_time_links", "audit_log", "outbox", "trial_allowances"]
    {
        text.push_str(&dump_table(house, table).await);
    }
    // On SQLite also the file as it is, so that no table is forgotten.
    if let Some(path) = house.database.url.strip_prefix("sqlite://") {
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(file).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    text
}

/// Rows as text, bytes as the text they might be.
async fn dump_table(house: &House, table: &str) -> String {
    let reader = house.db.reader();
    let sql = match reader.get_database_backend() {
        DbBackend::Sqlite => match table {
            "users" => {
                String::from("SELECT email || password_hash || display_name AS row_text FROM users")
            }
            "audit_log" => String::from(
                "SELECT actor || action || subject || detail || request_id AS row_text FROM audit_log",
            ),
            other => format!("SELECT '' AS row_text FROM {other}"),
        },
        // Bytes as characters too, or a token stored as it is would hide in hexadecimal.
        _ => match table {
            "sessions" => String::from(
                "SELECT t::text || encode(token_sha256, 'escape') AS row_text FROM sessions t",
            ),
            "one_time_links" => String::from(
                "SELECT t::text || encode(token_sha256, 'escape') AS row_text FROM one_time_links t",
            ),
            other => format!("SELECT t::text AS row_text FROM {other} t"),
        },
    };
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    rows.iter().map(|row| row.try_get::<String>("", "row_text").expect("text")).collect()
}
