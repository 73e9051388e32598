//! Invitations that stand open: listed, looked at, taken back, limited, and told to the outbox.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::enums::Role;
use entity::outbox;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use server::domain::access::{Action, Error, SEALED_FOR};
use server::kernel::page::PageArgs;
use server::kernel::secret::MasterKey;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, generous};

both!(
    open_invitations_are_listed_looked_at_and_taken_back,
    an_invitation_of_others_is_not_there,
    admins_do_not_touch_invitations_of_owners,
    the_outbox_holds_the_message_and_no_token,
    open_invitations_are_limited_also_for_two_at_once,
);

fn all() -> PageArgs {
    PageArgs::new(None, None).expect("a page")
}

async fn open_invitations_are_listed_looked_at_and_taken_back(database: Database) {
    let house = House::open(database);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let scope = house.scope(&ada, Action::ManageOwners).await;
    let first = house.access.add_member_link(&scope, &bob.email, Role::Viewer).await.expect("one");
    house.clock.advance_ms(1_000);
    let new = "new@example.com";
    let second = house.access.add_member_link(&scope, new, Role::Admin).await.expect("another");
    let open = house.access.invitations(&scope, &all()).await.expect("a list").rows;
    let told: Vec<_> = open.iter().map(|row| (row.id, row.email.as_str(), row.role)).collect();
    assert_eq!(told, [(second.id, new, Role::Admin), (first.id, "bob@example.com", Role::Viewer)]);
    assert_eq!(open[0].created_by, Some(ada.user_id));

    let seen = house.access.look_at_invitation(&first.token).await.expect("an invitation");
    assert_eq!((seen.workspace_name.as_str(), seen.role), ("ada's studio", Role::Viewer));
    assert!(seen.has_account && seen.email.as_str() == bob.email);
    let seen = house.access.look_at_invitation(&second.token).await.expect("an invitation");
    assert!(!seen.has_account);

    house.access.revoke_invitation(&scope, first.id).await.expect("taken back");
    let again = house.access.revoke_invitation(&scope, first.id).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    let seen = house.access.look_at_invitation(&first.token).await;
    assert!(matches!(seen, Err(Error::LinkInvalid)), "{seen:?}");
    let joined = house.access.redeem_join_link(&bob.caller, &first.token, None).await;
    assert!(matches!(joined, Err(Error::LinkInvalid)), "{joined:?}");
    assert_eq!(house.access.invitations(&scope, &all()).await.expect("a list").rows.len(), 1);
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'member.uninvite'";
    assert_eq!(house.number(audited, []).await, 1);
    house.clock.advance_ms(25 * 3_600_000);
    assert!(house.access.invitations(&scope, &all()).await.expect("a list").rows.is_empty());
    let late = house.access.revoke_invitation(&scope, second.id).await;
    assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
}

async fn an_invitation_of_others_is_not_there(database: Database) {
    let house = House::open(database);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let scope = house.scope(&ada, Action::ManageOwners).await;
    let link = house.access.add_member_link(&scope, "x@example.com", Role::Viewer).await;
    let link = link.expect("a link");
    let elsewhere = house.scope(&bob, Action::ManageOwners).await;
    let taken = house.access.revoke_invitation(&elsewhere, link.id).await;
    assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
    assert!(house.access.invitations(&elsewhere, &all()).await.expect("a list").rows.is_empty());
    house.access.look_at_invitation(&link.token).await.expect("it still works");
}

async fn admins_do_not_touch_invitations_of_owners(database: Database) {
    let house = House::open(database);
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    house.join(&ada, &bob, Role::Admin).await;
    let owner = house.scope(&ada, Action::ManageOwners).await;
    let link = house.access.add_member_link(&owner, "x@example.com", Role::Owner).await;
    let link = link.expect("a link");
    let admin = house.access.authorise(&bob.caller, ada.workspace_id, Action::ManageMembers).await;
    let admin = admin.expect("an admin");
    let taken = house.access.revoke_invitation(&admin, link.id).await;
    assert!(matches!(taken, Err(Error::Forbidden)), "{taken:?}");
    house.access.set_role(&owner, bob.user_id, Role::Producer).await.expect("a role");
    let low = house.access.authorise(&bob.caller, ada.workspace_id, Action::Read).await;
    let told = house.access.invitations(&low.expect("a member"), &all()).await;
    assert!(matches!(told, Err(Error::Forbidden)));
}

async fn the_outbox_holds_the_message_and_no_token(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::ManageOwners).await;
    let link = house.access.add_member_link(&scope, "x@example.com", Role::Viewer).await;
    let link = link.expect("a link");
    let message = outbox::Entity::find()
        .filter(outbox::Column::Topic.eq("member.invited"))
        .one(house.db.reader())
        .await
        .expect("an answer")
        .expect("a message");
    let text = message.payload.to_string();
    assert!(!text.contains(link.token.reveal()) && !text.contains("example.com"), "{text}");
    assert_eq!(message.payload["invitationId"], link.id.to_string());
    let sealed = message.payload["sealedToken"].as_str().expect("a text");
    let sealed = STANDARD.decode(sealed).expect("base64");
    let opened = MasterKey::new([7; 32]).open(SEALED_FOR, &link.id.to_string(), &sealed);
    assert_eq!(opened, Some(link.token), "whoever holds the key can send it");
}

async fn open_invitations_are_limited_also_for_two_at_once(database: Database) {
    let limits = server::config::Access { max_invitations: 3, ..generous() };
    let house = House::with(database, limits);
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::ManageOwners).await;
    let tries = (0..8).map(|n| {
        let (access, scope) = (house.access.clone(), scope.clone());
        tokio::spawn(async move {
            access.add_member_link(&scope, &format!("p{n}@example.com"), Role::Viewer).await
        })
    });
    let mut made = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        match attempt.await.expect("no panic") {
            Ok(link) => made.push(link),
            Err(Error::InvitationLimit { limit: 3 }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(made.len(), 3);
    house.access.revoke_invitation(&scope, made[0].id).await.expect("room");
    house.access.add_member_link(&scope, "z@example.com", Role::Viewer).await.expect("room");
}
