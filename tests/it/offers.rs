//! Keys of providers: sealed at rest, read back by the same installation alone, audited, taken up
//! by processes that run.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::domain::access::Actor;
use server::domain::access::Caller;
use server::domain::offers::{Error, OfferKeys};
use server::kernel::clock::Clock;
use server::kernel::secret::MasterKey;

use crate::harness::database::Database;
use crate::harness::far_away;
use crate::harness::house::{START, cli, secret};
use crate::harness::program::{self, Program};
use crate::harness::server::{Client, PASSWORD};

crate::harness::both!(
    a_key_is_sealed_and_opens_again,
    only_the_operator_sets_keys,
    a_key_that_changes_reaches_a_running_process,
);

const KEY: &str = "sk-0123456789-far-away";

fn keys(database: &Database, master: u8) -> OfferKeys {
    OfferKeys::new(database.db.clone(), Clock::manual(START), MasterKey::new([master; 32]))
}

async fn a_key_is_sealed_and_opens_again(database: Database) {
    let ours = keys(&database, 7);
    ours.set(&cli(), "far-away", &secret("first")).await.expect("set");
    ours.set(&cli(), "far-away", &secret(KEY)).await.expect("replaced");
    assert_eq!(ours.all().await.expect("read").get("far-away"), Some(&secret(KEY)));
    let rows = server_rows(&database).await;
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].sealed.windows(8).any(|part| KEY.as_bytes().starts_with(part)));
    let foreign = keys(&database, 8).all().await;
    assert!(matches!(foreign, Err(Error::Sealed { offer }) if offer == "far-away"));
    ours.remove(&cli(), "far-away").await.expect("removed");
    assert!(matches!(ours.remove(&cli(), "far-away").await, Err(Error::NotFound)));
    assert!(ours.all().await.expect("read").is_empty());
    let deeds = audit(&database).await;
    assert_eq!(deeds.len(), 3, "two sets and a removal");
    assert!(deeds.iter().all(|deed| !format!("{deed:?}").contains(KEY)));
}

async fn only_the_operator_sets_keys(database: Database) {
    let ours = keys(&database, 7);
    let stranger = Caller::local(Actor::Anonymous, "test");
    let refused = ours.set(&stranger, "far-away", &secret(KEY)).await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    for no_key in ["", "two words", "umlaut-\u{e4}"] {
        let refused = ours.set(&cli(), "far-away", &secret(no_key)).await;
        assert!(matches!(refused, Err(Error::Key)), "{no_key}");
    }
    assert!(server_rows(&database).await.is_empty() && audit(&database).await.is_empty());
}

/// Set before the start, replaced and removed while it runs: every submission is made with the key
/// of its time.
async fn a_key_that_changes_reaches_a_running_process(database: Database) {
    let data = tempfile::tempdir().expect("a folder");
    let provider = program::scripted_provider(data.path());
    far_away::settings(data.path(), provider.address);
    let program =
        Program::new(data.path(), &database.url).with("REELMILL_PROVIDERS__KEYS_MS", "100");
    program.run(&["provider", "key", "far-away"], "sk-hush-one");
    let server = program.serve();
    let nobody = Client::at(server.address);
    let changes: [(&[&str], &str, Value); 3] = [
        (&[], "", json!("Bearer sk-hush-one")),
        (&["provider", "key", "far-away"], "sk-hush-two", json!("Bearer sk-hush-two")),
        (&["provider", "key", "far-away", "--remove"], "", Value::Null),
    ];
    for (nth, (words, key, expected)) in changes.into_iter().enumerate() {
        if !words.is_empty() {
            program.run(words, key);
        }
        let log = || std::fs::read_to_string(program.log()).expect("the log");
        let begun = Instant::now();
        while log().matches("offer.key changed").count() < nth {
            assert!(begun.elapsed() < Duration::from_secs(20), "change {nth} was not taken up");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let email = format!("p{nth}@example.com");
        let (owner, workspace) = far_away::sign_up(&nobody, &email, PASSWORD).await;
        let batch = far_away::launch(&owner, &workspace, ("A wombat", json!({}))).await;
        far_away::delivered(&owner, &workspace, (&batch, 1)).await;
        let book = std::fs::read_to_string(data.path().join("book")).expect("the book");
        let lines = book.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line"));
        let submitted: Vec<Value> = lines.filter(|line| line["did"] == "submit").collect();
        assert_eq!(submitted.len(), nth + 1);
        assert_eq!(submitted[nth]["authorization"], expected, "{words:?}");
        assert!(!log().contains("sk-hush"), "a key is in the log");
    }
    server.stop();
}

async fn server_rows(database: &Database) -> Vec<entity::provider_key::Model> {
    use sea_orm::EntityTrait as _;
    entity::provider_key::Entity::find().all(database.db.reader()).await.expect("rows")
}

async fn audit(database: &Database) -> Vec<entity::audit::Model> {
    use sea_orm::EntityTrait as _;
    entity::audit::Entity::find().all(database.db.reader()).await.expect("rows")
}
