//! One-time links: a new password, a place in a workspace.

use entity::enums::Role;
use server::domain::access::{Action, Error, NewAccount};
use server::kernel::error::{ApiError, ErrorCode};
use server::kernel::language::Language;
use server::kernel::secret::{Secret, sha256};

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, PASSWORD, cli, generous, secret, visitor};

both!(
    a_reset_link_works_once_and_ends_everything_older,
    of_two_who_use_a_link_one_does,
    a_link_ends_after_a_day,
    a_bad_password_does_not_use_a_link_up,
    only_the_operator_makes_reset_links,
    reset_requests_are_answered_alike,
    a_signed_in_person_joins_by_their_own_link,
    somebody_new_joins_with_an_account_of_their_own,
    an_invitation_ends_with_the_right_to_invite,
    a_link_of_one_purpose_is_none_of_another,
);

const NEW: &str = "another horse battery";

async fn a_reset_link_works_once_and_ends_everything_older(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let first = house.access.create_reset_link(&cli(), &ada.email).await.expect("a link");
    let second = house.access.create_reset_link(&cli(), " ADA@example.com").await.expect("a link");
    let stored = "SELECT count(*) FROM one_time_links WHERE token_sha256 = $1";
    let digest = sha256(first.token.reveal().as_bytes());
    assert_eq!(house.number(stored, [digest.into()]).await, 1);
    let epoch = house.access.epoch(ada.user_id).await.expect("an answer");

    let here = visitor("203.0.113.1");
    let who = house.access.redeem_reset_link(&here, &first.token, &secret(NEW)).await;
    assert_eq!(who.expect("a new password"), ada.user_id);
    assert_ne!(house.access.epoch(ada.user_id).await.expect("an answer"), epoch);
    assert_eq!(house.access.authenticate(ada.token.reveal()).await.expect("an answer"), None);
    for token in [&first.token, &second.token] {
        let again = house.access.redeem_reset_link(&here, token, &secret(PASSWORD)).await;
        assert!(matches!(again, Err(Error::LinkInvalid)), "{again:?}");
    }
    let old = house.access.sign_in(&here, &ada.email, &secret(PASSWORD)).await;
    assert!(matches!(old, Err(Error::InvalidCredentials)));
    house.access.sign_in(&here, &ada.email, &secret(NEW)).await.expect("the new password");
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'user.reset'";
    assert_eq!(house.number(audited, []).await, 1);
}

async fn of_two_who_use_a_link_one_does(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let link = house.access.create_reset_link(&cli(), &ada.email).await.expect("a link");
    let tries = (0..6).map(|n| {
        let (access, token) = (house.access.clone(), link.token.clone());
        tokio::spawn(async move {
            let password = secret(&format!("{n} horses battery"));
            access.redeem_reset_link(&visitor("203.0.113.1"), &token, &password).await
        })
    });
    let mut used = 0;
    for task in tries.collect::<Vec<_>>() {
        match task.await.expect("no panic") {
            Ok(_) => used += 1,
            Err(Error::LinkInvalid) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(used, 1);
}

async fn a_link_ends_after_a_day(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let day_ms = 24 * 3_600_000;
    let link = house.access.create_reset_link(&cli(), &ada.email).await.expect("a link");
    assert_eq!(link.expires_at, house.clock.now().plus_ms(day_ms));
    house.clock.advance_ms(day_ms);
    let late = house.access.redeem_reset_link(&ada.caller, &link.token, &secret(NEW)).await;
    assert!(matches!(late, Err(Error::LinkInvalid)), "{late:?}");
    for token in ["", "x", &"A".repeat(43)] {
        let token = Secret::new(token.to_owned());
        let unknown = house.access.redeem_reset_link(&ada.caller, &token, &secret(NEW)).await;
        assert!(matches!(unknown, Err(Error::LinkInvalid)));
    }
}

async fn a_bad_password_does_not_use_a_link_up(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let link = house.access.create_reset_link(&cli(), &ada.email).await.expect("a link");
    for bad in ["short", "ADA@example.com"] {
        let refused = house.access.redeem_reset_link(&ada.caller, &link.token, &secret(bad)).await;
        assert!(matches!(refused, Err(Error::Password(_))));
    }
    let used = house.access.redeem_reset_link(&ada.caller, &link.token, &secret(NEW)).await;
    used.expect("a new password");
}

async fn only_the_operator_makes_reset_links(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let theirs = house.access.create_reset_link(&ada.caller, &ada.email).await;
    assert!(matches!(theirs, Err(Error::Forbidden)));
    let nobodys = house.access.create_reset_link(&visitor("203.0.113.1"), &ada.email).await;
    assert!(matches!(nobodys, Err(Error::Unauthenticated)));
    let unknown = house.access.create_reset_link(&cli(), "nobody@example.com").await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

async fn reset_requests_are_answered_alike(database: Database) {
    let config = server::config::Access { requests_per_ip: 4, ..generous() };
    let house = House::with(database, config);
    let ada = house.person("ada").await;
    let rows = "SELECT count(*) FROM audit_log WHERE action = 'user.reset_requested'";
    let here = visitor("203.0.113.1");
    let cases = [ada.email.as_str(), "nobody@example.com", "not an address", ""];
    for (before, email) in (0..).zip(cases) {
        assert_eq!(house.number(rows, []).await, before);
        house.access.request_reset(&here, email).await.expect("the same answer for all");
    }
    assert_eq!(house.number(rows, []).await, 4, "each request wrote the same one row");
    for email in cases {
        let refused = house.access.request_reset(&here, email).await.expect_err("too many");
        assert_eq!(ApiError::from(refused).code(), ErrorCode::RateLimited);
    }
}

async fn a_signed_in_person_joins_by_their_own_link(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    let scope = house.scope(&ada, Action::ManageMembers).await;
    let link = house.access.add_member_link(&scope, &bobby.email, Role::Producer).await;
    let link = link.expect("a link");

    let hers = house.access.redeem_join_link(&ada.caller, &link.token, None).await;
    assert!(matches!(hers, Err(Error::LinkInvalid)), "made for another address");
    let nobody = house.access.redeem_join_link(&visitor("203.0.113.1"), &link.token, None).await;
    assert!(matches!(nobody, Err(Error::Unauthenticated)), "the address has an account");
    let account = new_account();
    let other = visitor("203.0.113.1");
    let over = house.access.redeem_join_link(&other, &link.token, Some(&account)).await;
    assert!(matches!(over, Err(Error::Unauthenticated)), "an account is never overwritten");

    let epoch = house.access.epoch(bobby.user_id).await.expect("an answer");
    let joined = house.access.redeem_join_link(&bobby.caller, &link.token, None).await;
    let joined = joined.expect("joined");
    assert_eq!((joined.workspace_id, joined.role), (ada.workspace_id, Role::Producer));
    assert!(joined.signed_in.is_none());
    assert_ne!(house.access.epoch(bobby.user_id).await.expect("an answer"), epoch);
    let again = house.access.redeem_join_link(&bobby.caller, &link.token, None).await;
    assert!(matches!(again, Err(Error::LinkInvalid)), "used");

    let twice = house.access.add_member_link(&scope, &bobby.email, Role::Admin).await;
    assert!(matches!(twice, Err(Error::AlreadyMember)));
    let bobs = house.access.authorise(&bobby.caller, ada.workspace_id, Action::Launch).await;
    bobs.expect("a producer");
}

fn new_account() -> NewAccount {
    NewAccount {
        display_name: String::from("Carol"),
        password: secret(PASSWORD),
        language: Language::Zh,
    }
}

async fn somebody_new_joins_with_an_account_of_their_own(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::ManageMembers).await;
    let link = house.access.add_member_link(&scope, "Carol@example.com", Role::Viewer).await;
    let link = link.expect("a link");
    // A second link for the same person: two invitations may cross.
    let other = house.access.add_member_link(&scope, "carol@example.com", Role::Admin).await;
    let other = other.expect("a link");
    let here = visitor("203.0.113.1");
    let account = new_account();
    let short = NewAccount { password: secret("short"), ..new_account() };
    let refused = house.access.redeem_join_link(&here, &link.token, Some(&short)).await;
    assert!(matches!(refused, Err(Error::Password(_))), "{refused:?}");

    let joined = house.access.redeem_join_link(&here, &link.token, Some(&account)).await;
    let joined = joined.expect("joined");
    let signed_in = joined.signed_in.expect("a first session");
    let carol = house.caller_of(&here, &signed_in).await;
    assert_eq!(house.access.me(&carol).await.expect("me").language, Language::Zh);
    let places = house.access.memberships(&carol).await.expect("memberships");
    assert_eq!(places.len(), 1, "no workspace and no trial of their own");
    assert_eq!((places[0].workspace.id, places[0].role), (ada.workspace_id, Role::Viewer));

    let crossed = house.access.redeem_join_link(&carol, &other.token, None).await;
    assert!(matches!(crossed, Err(Error::AlreadyMember)), "{crossed:?}");
    let unused = "SELECT count(*) FROM one_time_links WHERE used_at IS NULL";
    assert_eq!(house.number(unused, []).await, 1, "a refusal uses no link up");
}

async fn an_invitation_ends_with_the_right_to_invite(database: Database) {
    let house = House::open(database);
    let (ada, bobby, carol) =
        (house.person("ada").await, house.person("bobby").await, house.person("caroline").await);
    house.join(&ada, &bobby, Role::Admin).await;
    let theirs = house.access.authorise(&bobby.caller, ada.workspace_id, Action::ManageMembers);
    let theirs = theirs.await.expect("an admin");
    let link = house.access.add_member_link(&theirs, &carol.email, Role::Admin).await;
    let link = link.expect("a link");
    let scope = house.scope(&ada, Action::ManageMembers).await;
    house.access.set_role(&scope, bobby.user_id, Role::Producer).await.expect("demoted");
    let late = house.access.redeem_join_link(&carol.caller, &link.token, None).await;
    assert!(matches!(late, Err(Error::LinkInvalid)), "{late:?}");
    house.access.set_role(&scope, bobby.user_id, Role::Admin).await.expect("promoted");
    house.access.redeem_join_link(&carol.caller, &link.token, None).await.expect("joined");
}

async fn a_link_of_one_purpose_is_none_of_another(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    let scope = house.scope(&ada, Action::ManageMembers).await;
    let join = house.access.add_member_link(&scope, &bobby.email, Role::Viewer).await;
    let join = join.expect("a link");
    let as_reset = house.access.redeem_reset_link(&bobby.caller, &join.token, &secret(NEW)).await;
    assert!(matches!(as_reset, Err(Error::LinkInvalid)));
    let reset = house.access.create_reset_link(&cli(), &bobby.email).await.expect("a link");
    let as_join = house.access.redeem_join_link(&bobby.caller, &reset.token, None).await;
    assert!(matches!(as_join, Err(Error::LinkInvalid)));
}
