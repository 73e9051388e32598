//! A person's own sessions: seen, named, ended one by one or all the others.

use server::domain::access::{Caller, Error};
use server::kernel::language::Language;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, PASSWORD, secret, visitor};

both!(
    the_list_names_devices_and_the_one_that_asks,
    a_session_of_ones_own_is_ended_and_no_other,
    all_others_end_and_this_one_stays,
);

const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1";

async fn enter(house: &House, email: &str, user_agent: &str) -> Caller {
    let from = Caller { user_agent: user_agent.to_owned(), ..visitor("203.0.113.9") };
    let signed_in = house.access.sign_in(&from, email, &secret(PASSWORD)).await.expect("in");
    house.caller_of(&from, &signed_in).await
}

async fn the_list_names_devices_and_the_one_that_asks(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    house.person("somebody").await;
    house.clock.advance_ms(60_000);
    let desk = enter(&house, &ada.email, EDGE).await;
    house.clock.advance_ms(60_000);
    let phone = enter(&house, &ada.email, PHONE).await;
    house.clock.advance_ms(60_000);
    let told = house.access.sessions(&desk).await.expect("a list");
    let words: Vec<String> = told.iter().map(|row| row.device.words(Language::En)).collect();
    assert_eq!(words, ["Edge on Windows", "Safari on iPhone", "Unknown device"]);
    assert_eq!(told.iter().filter(|row| row.is_current).count(), 1);
    assert!(told[0].is_current && told[0].last_seen_at == house.clock.now());
    assert_eq!(house.access.sessions(&phone).await.expect("a list")[0].id, told[1].id);
    // A use that is only noted in memory counts already.
    house.clock.advance_ms(120_000);
    house.again(&ada).await;
    let told = house.access.sessions(&desk).await.expect("a list");
    assert_eq!(told[1].device.words(Language::En), "Unknown device");
    let nobody = house.access.sessions(&visitor("203.0.113.9")).await;
    assert!(matches!(nobody, Err(Error::Unauthenticated)));
    // What has run out is gone.
    house.clock.advance_ms(31 * 86_400_000);
    assert!(house.access.sessions(&desk).await.expect("a list").is_empty());
}

async fn a_session_of_ones_own_is_ended_and_no_other(database: Database) {
    let house = House::open(database);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let desk = enter(&house, &ada.email, EDGE).await;
    let theirs = house.access.sessions(&bob.caller).await.expect("a list")[0].id;
    let stranger = house.access.end_session(&desk, theirs).await;
    assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    assert!(house.access.authenticate(bob.token.reveal()).await.expect("an answer").is_some());
    let first = house.access.sessions(&desk).await.expect("a list");
    let other = first.iter().find(|row| !row.is_current).expect("the one of the sign-up").id;
    let epoch = house.access.epoch(ada.user_id).await.expect("an epoch");
    house.access.end_session(&desk, other).await.expect("ended");
    assert!(house.access.epoch(ada.user_id).await.expect("an epoch") > epoch);
    assert!(house.access.authenticate(ada.token.reveal()).await.expect("an answer").is_none());
    let again = house.access.end_session(&desk, other).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'session.end'";
    assert_eq!(house.number(audited, []).await, 1);
}

async fn all_others_end_and_this_one_stays(database: Database) {
    let house = House::open(database);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let desk = enter(&house, &ada.email, EDGE).await;
    enter(&house, &ada.email, PHONE).await;
    assert_eq!(house.access.end_other_sessions(&desk).await.expect("ended"), 2);
    assert_eq!(house.access.end_other_sessions(&desk).await.expect("ended"), 0);
    let left = house.access.sessions(&desk).await.expect("a list");
    assert!(left.len() == 1 && left[0].is_current);
    assert!(house.access.authenticate(bob.token.reveal()).await.expect("an answer").is_some());
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'session.end_others'";
    assert_eq!(house.number(audited, []).await, 2);
}
