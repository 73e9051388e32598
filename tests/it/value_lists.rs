//! Saved value lists: kept, changed from a known version, limited, each in its workspace.

use entity::enums::Role;
use server::domain::access::Action;
use server::domain::value_lists::{Error, NewList, ValueLists};
use server::kernel::error::ApiError;
use server::kernel::page::PageArgs;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::House;

both!(
    a_list_is_saved_changed_and_deleted,
    of_two_who_change_a_list_one_does,
    a_list_of_others_is_not_there,
    lists_have_limits,
);

fn new(name: &str, values: &[&str]) -> NewList {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    NewList { name: name.to_owned(), values }
}

fn word(error: Error) -> &'static str {
    ApiError::from(error).code().as_str()
}

fn all() -> PageArgs {
    PageArgs::new(None, None).expect("a page")
}

async fn a_list_is_saved_changed_and_deleted(database: Database) {
    let house = House::open(database);
    let lists = ValueLists::new(house.db.clone(), house.clock.clone());
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::EditTemplates).await;
    let made = lists.create(&scope, new(" 城市 ", &["上海", " 北京 ", "", "a,\"b\""])).await;
    let made = made.expect("a list");
    assert_eq!((made.name.as_str(), made.version), ("城市", 1));
    assert_eq!(made.values, ["上海", "北京", "a,\"b\""]);
    assert_eq!(lists.get(&scope, made.id).await.expect("it"), made);
    house.clock.advance_ms(1_000);
    let other = lists.create(&scope, new("Cities", &["Rome"])).await.expect("another");
    for taken in ["城市", "CITIES", " cities"] {
        let refused = lists.create(&scope, new(taken, &["x"])).await;
        assert_eq!(word(refused.expect_err("a taken name")), "NAME_TAKEN");
    }
    let changed = lists.change(&scope, (made.id, 1), new("城市", &["深圳"])).await.expect("new");
    assert_eq!((changed.version, changed.values.as_slice()), (2, &[String::from("深圳")][..]));
    assert_eq!(lists.get(&scope, made.id).await.expect("it"), changed);
    let stale = lists.change(&scope, (made.id, 1), new("城市", &["x"])).await;
    assert_eq!(word(stale.expect_err("stale")), "CONFLICT");
    let taken = lists.change(&scope, (made.id, 2), new("cities", &["x"])).await;
    assert_eq!(word(taken.expect_err("taken")), "NAME_TAKEN");
    let rows = lists.list(&scope, &all()).await.expect("a list").rows;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [other.id, made.id]);
    lists.delete(&scope, made.id).await.expect("gone");
    assert_eq!(word(lists.delete(&scope, made.id).await.expect_err("gone")), "NOT_FOUND");
    for (action, count) in [("list.create", 2), ("list.change", 1), ("list.delete", 1)] {
        let sql = format!("SELECT count(*) FROM audit_log WHERE action = '{action}'");
        assert_eq!(house.number(&sql, []).await, count, "{action}");
    }
}

async fn of_two_who_change_a_list_one_does(database: Database) {
    let house = House::open(database);
    let lists = ValueLists::new(house.db.clone(), house.clock.clone());
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::EditTemplates).await;
    let made = lists.create(&scope, new("l", &["a"])).await.expect("a list");
    let tries: Vec<_> = (0..6)
        .map(|n| {
            let (lists, scope) = (lists.clone(), scope.clone());
            let id = made.id;
            tokio::spawn(async move {
                lists.change(&scope, (id, 1), new("l", &[&format!("v{n}")])).await
            })
        })
        .collect();
    let mut refused = Vec::new();
    for attempt in tries {
        if let Err(error) = attempt.await.expect("no panic") {
            refused.push(word(error));
        }
    }
    assert_eq!(refused, ["CONFLICT"; 5]);
    assert_eq!(lists.get(&scope, made.id).await.expect("it").version, 2);
}

async fn a_list_of_others_is_not_there(database: Database) {
    let house = House::open(database);
    let lists = ValueLists::new(house.db.clone(), house.clock.clone());
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let scope = house.scope(&ada, Action::EditTemplates).await;
    let made = lists.create(&scope, new("l", &["a"])).await.expect("a list");
    let theirs = house.scope(&bob, Action::EditTemplates).await;
    assert_eq!(word(lists.get(&theirs, made.id).await.expect_err("no")), "NOT_FOUND");
    let changed = lists.change(&theirs, (made.id, 1), new("l", &["b"])).await;
    assert_eq!(word(changed.expect_err("no")), "NOT_FOUND");
    assert_eq!(word(lists.delete(&theirs, made.id).await.expect_err("no")), "NOT_FOUND");
    assert!(lists.list(&theirs, &all()).await.expect("a list").rows.is_empty());
    lists.create(&theirs, new("l", &["b"])).await.expect("the same name elsewhere");
    house.join(&ada, &bob, Role::Viewer).await;
    let viewer = house.access.authorise(&bob.caller, ada.workspace_id, Action::Read).await;
    let viewer = viewer.expect("a member");
    assert_eq!(lists.get(&viewer, made.id).await.expect("viewers read"), made);
    assert_eq!(word(lists.delete(&viewer, made.id).await.expect_err("no")), "FORBIDDEN");
    assert_eq!(word(lists.create(&viewer, new("m", &["a"])).await.expect_err("no")), "FORBIDDEN");
}

async fn lists_have_limits(database: Database) {
    let house = House::open(database);
    let lists = ValueLists::new(house.db.clone(), house.clock.clone());
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::EditTemplates).await;
    let many = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
    let of = |values: Vec<String>| NewList { name: String::from("l"), values };
    for (wrong, told) in [
        (new("", &["a"]), "TEXT_LENGTH"),
        (new(&"n".repeat(81), &["a"]), "TEXT_LENGTH"),
        (new("a\u{7}", &["a"]), "TEXT_LENGTH"),
        (new("l", &[" ", ""]), "INVALID_INPUT"),
        (new("l", &["a\0"]), "INVALID_INPUT"),
        (of(many(5_001)), "INVALID_INPUT"),
        (of(vec!["v".repeat(2_001)]), "INVALID_INPUT"),
        (of(vec!["v".repeat(2_000); 132]), "INVALID_INPUT"),
    ] {
        assert_eq!(word(lists.create(&scope, wrong).await.expect_err("no")), told);
    }
    let full = lists.create(&scope, of(many(5_000))).await.expect("as many as may be");
    assert_eq!(full.values.len(), 5_000);
    for n in 0..499 {
        lists.create(&scope, new(&format!("l{n}"), &["a"])).await.expect("room");
    }
    let refused = lists.create(&scope, new("one more", &["a"])).await;
    assert_eq!(word(refused.expect_err("no room")), "INVALID_INPUT");
}
