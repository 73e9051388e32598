//! Keys of providers: sealed at rest, read back by the same installation alone, audited.

use server::domain::access::Actor;
use server::domain::access::Caller;
use server::domain::offers::{Error, OfferKeys};
use server::kernel::clock::Clock;
use server::kernel::secret::MasterKey;

use crate::harness::database::Database;
use crate::harness::house::{START, cli, secret};

crate::harness::both!(a_key_is_sealed_and_opens_again, only_the_operator_sets_keys);

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

async fn server_rows(database: &Database) -> Vec<entity::provider_key::Model> {
    use sea_orm::EntityTrait as _;
    entity::provider_key::Entity::find().all(database.db.reader()).await.expect("rows")
}

async fn audit(database: &Database) -> Vec<entity::audit::Model> {
    use sea_orm::EntityTrait as _;
    entity::audit::Entity::find().all(database.db.reader()).await.expect("rows")
}
