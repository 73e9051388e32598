//! Members: who changes whom, the last owner, and the walls between workspaces.

use std::sync::Arc;
use std::time::Duration;

use entity::enums::Role;
use entity::ids::{UserId, WorkspaceId};
use server::coord::event_bus::AccessChange;
use server::domain::access::{Action, Error};
use server::kernel::error::ErrorCode;
use server::kernel::page::{PageArgs, encode_cursor};
use uuid::Uuid;

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, cli};

both!(
    admins_change_members_below_owner,
    the_last_owner_stays,
    two_owners_cannot_demote_each_other,
    members_may_leave,
    a_change_of_role_is_heard_and_audited,
    what_belongs_to_another_is_not_found,
    lists_come_in_pages,
    a_workspace_is_renamed_by_admins,
);

fn page(first: i32, after: Option<&str>) -> PageArgs {
    PageArgs::new(Some(first), after).unwrap_or_else(|_| panic!("a page"))
}

async fn admins_change_members_below_owner(database: Database) {
    let house = House::open(database);
    let (owner, admin) = (house.person("own").await, house.person("admin").await);
    let (other, viewer) = (house.person("second").await, house.person("viewers").await);
    house.join(&owner, &admin, Role::Admin).await;
    house.join(&owner, &other, Role::Owner).await;
    house.join(&owner, &viewer, Role::Viewer).await;
    let at = owner.workspace_id;
    let theirs = house.access.authorise(&admin.caller, at, Action::ManageMembers).await;
    let theirs = theirs.expect("an admin");

    house.access.set_role(&theirs, viewer.user_id, Role::Producer).await.expect("below owner");
    let up = house.access.set_role(&theirs, viewer.user_id, Role::Owner).await;
    assert!(matches!(up, Err(Error::Forbidden)), "{up:?}");
    let down = house.access.set_role(&theirs, other.user_id, Role::Viewer).await;
    assert!(matches!(down, Err(Error::Forbidden)), "{down:?}");
    let out = house.access.remove_member(&theirs, other.user_id).await;
    assert!(matches!(out, Err(Error::Forbidden)), "{out:?}");
    let owners = house.access.add_member_link(&theirs, "new@example.com", Role::Owner).await;
    assert!(matches!(owners, Err(Error::Forbidden)));
    // A scope made for less is no way around.
    let reads = house.access.authorise(&viewer.caller, at, Action::Read).await.expect("a member");
    for refused in [
        house.access.set_role(&reads, admin.user_id, Role::Viewer).await.err(),
        house.access.remove_member(&reads, admin.user_id).await.err(),
        house.access.add_member_link(&reads, "new@example.com", Role::Viewer).await.err(),
        house.access.edit_workspace(&reads, "Mine", None).await.err(),
        house.access.audit(&reads, &page(5, None)).await.err(),
    ] {
        assert!(matches!(refused, Some(Error::Forbidden)), "{refused:?}");
    }
    house.access.remove_member(&theirs, viewer.user_id).await.expect("below owner");
    let scope = house.scope(&owner, Action::ManageOwners).await;
    house.access.set_role(&scope, other.user_id, Role::Admin).await.expect("by an owner");
}

async fn the_last_owner_stays(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    let scope = house.scope(&ada, Action::ManageOwners).await;
    for to in [Role::Admin, Role::Viewer] {
        let down = house.access.set_role(&scope, ada.user_id, to).await;
        assert!(matches!(down, Err(Error::LastOwner)), "{down:?}");
    }
    let out = house.access.remove_member(&scope, ada.user_id).await;
    assert!(matches!(out, Err(Error::LastOwner)), "{out:?}");
    house.access.set_role(&scope, ada.user_id, Role::Owner).await.expect("no change is fine");
    house.join(&ada, &bobby, Role::Owner).await;
    house.access.set_role(&scope, ada.user_id, Role::Admin).await.expect("another one is there");
}

/// On PostgreSQL two such transactions would each still see the other owner, were they not locked.
async fn two_owners_cannot_demote_each_other(database: Database) {
    let house = Arc::new(House::open(database));
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    house.join(&ada, &bobby, Role::Owner).await;
    let owners = "SELECT count(*) FROM memberships WHERE workspace_id = $1 AND role = 'OWNER'";
    for round in 0..40 {
        let tasks = [(&ada, &bobby), (&bobby, &ada)].map(|(from, to)| {
            let (house, caller, victim) = (Arc::clone(&house), from.caller.clone(), to.user_id);
            let at = ada.workspace_id;
            tokio::spawn(async move {
                let scope = house.access.authorise(&caller, at, Action::ManageOwners).await?;
                if round % 2 == 0 {
                    house.access.set_role(&scope, victim, Role::Admin).await
                } else {
                    house.access.remove_member(&scope, victim).await
                }
            })
        });
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(()) | Err(Error::LastOwner | Error::Forbidden | Error::NotFound) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(house.number(owners, [ada.workspace_id.into()]).await, 1, "round {round}");
        // Both are owners again, whoever lost.
        house
            .run("DELETE FROM memberships WHERE workspace_id = $1", [ada.workspace_id.into()])
            .await;
        for person in [&ada, &bobby] {
            let sql = "INSERT INTO memberships VALUES ($1, $2, 'OWNER', 0)";
            house.run(sql, [ada.workspace_id.into(), person.user_id.into()]).await;
        }
    }
}

async fn members_may_leave(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    house.join(&ada, &bobby, Role::Viewer).await;
    let scope = house.access.authorise(&bobby.caller, ada.workspace_id, Action::Read).await;
    let scope = scope.expect("a member");
    house.access.remove_member(&scope, bobby.user_id).await.expect("left");
    let gone = house.access.authorise(&bobby.caller, ada.workspace_id, Action::Read).await;
    assert!(matches!(gone, Err(Error::NotFound)));
}

async fn a_change_of_role_is_heard_and_audited(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    house.join(&ada, &bobby, Role::Viewer).await;
    let mut epoch = house.access.epoch(bobby.user_id).await.expect("an answer").expect("one");
    let mut events = house.bus.subscribe_access().await;
    let scope = house.scope(&ada, Action::ManageMembers).await;
    // Ids, and so the log, follow the clock.
    house.clock.advance_ms(1);
    house.access.set_role(&scope, bobby.user_id, Role::Admin).await.expect("changed");
    house.clock.advance_ms(1);
    house.access.remove_member(&scope, bobby.user_id).await.expect("removed");
    for _ in 0..2 {
        epoch += 1;
        let heard = tokio::time::timeout(Duration::from_secs(1), events.next()).await;
        let user_id = bobby.user_id;
        assert_eq!(heard.expect("in time"), Some(AccessChange::Epoch { user_id, epoch }));
    }
    assert_eq!(house.access.epoch(bobby.user_id).await.expect("an answer"), Some(epoch));
    let seen = house.access.audit(&scope, &page(2, None)).await.expect("the log").rows;
    let told: Vec<_> =
        seen.iter().map(|row| (row.action.as_str(), row.detail.to_string())).collect();
    assert_eq!(told[0].0, "member.remove");
    assert_eq!(told[1].0, "member.role");
    assert_eq!(seen[1].detail["from"], "VIEWER");
    assert_eq!(seen[1].detail["to"], "ADMIN");
    assert_eq!(seen[1].actor, ada.user_id.to_string());
    assert_eq!(seen[1].subject, bobby.user_id.to_string());
    assert_eq!(seen[1].request_id, "req-test");
}

/// Every read and write of this noun that names a workspace or one of its members.
async fn what_belongs_to_another_is_not_found(database: Database) {
    let house = House::open(database);
    let (ada, bobby) = (house.person("ada").await, house.person("bobby").await);
    for action in Action::ALL {
        for at in [ada.workspace_id, WorkspaceId(Uuid::from_u128(1))] {
            let refused = house.access.authorise(&bobby.caller, at, *action).await;
            assert!(matches!(refused, Err(Error::NotFound)), "{action:?}: {refused:?}");
        }
    }
    let mine = house.scope(&bobby, Action::ManageOwners).await;
    for stranger in [ada.user_id, UserId(Uuid::from_u128(1))] {
        let role = house.access.set_role(&mine, stranger, Role::Viewer).await;
        assert!(matches!(role, Err(Error::NotFound)), "{role:?}");
        let out = house.access.remove_member(&mine, stranger).await;
        assert!(matches!(out, Err(Error::NotFound)), "{out:?}");
    }
    let members = house.access.members(&mine, &page(200, None)).await.expect("members").rows;
    assert!(members.iter().all(|member| member.user_id == bobby.user_id) && members.len() == 1);
    let log = house.access.audit(&mine, &page(200, None)).await.expect("the log").rows;
    assert!(!log.is_empty());
    assert!(!log.iter().any(|row| row.subject == ada.user_id.to_string()));
    let places = house.access.memberships(&bobby.caller).await.expect("memberships");
    assert!(places.iter().all(|place| place.workspace.id == bobby.workspace_id));
    assert_eq!(house.access.workspace(&mine).await.expect("mine").id, bobby.workspace_id);
    let all = house.access.all_workspaces(&bobby.caller, &page(5, None)).await;
    assert!(matches!(all, Err(Error::Forbidden)));

    // A closed workspace is gone for its own members too.
    let close = "UPDATE workspaces SET deleted_at = 1 WHERE id = $1";
    house.run(close, [ada.workspace_id.into()]).await;
    let gone = house.access.authorise(&ada.caller, ada.workspace_id, Action::Read).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    assert!(house.access.memberships(&ada.caller).await.expect("memberships").is_empty());
}

async fn lists_come_in_pages(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    for name in ["bobby", "caroline", "dominique"] {
        let guest = house.person(name).await;
        house.join(&ada, &guest, Role::Viewer).await;
    }
    let scope = house.scope(&ada, Action::ReadAudit).await;
    let first = house.access.members(&scope, &page(3, None)).await.expect("members");
    assert!(first.rows.len() == 3 && first.has_next);
    let cursor = encode_cursor(&first.rows[2].cursor_key());
    let rest = house.access.members(&scope, &page(3, Some(&cursor))).await.expect("members");
    assert!(rest.rows.len() == 1 && !rest.has_next);
    assert!(!first.rows.contains(&rest.rows[0]));

    let log = house.access.audit(&scope, &page(2, None)).await.expect("the log");
    let cursor = encode_cursor(&log.rows[1].cursor_key());
    let older = house.access.audit(&scope, &page(2, Some(&cursor))).await.expect("the log");
    assert!(older.rows[0].id < log.rows[1].id);

    let tenants = house.access.all_workspaces(&cli(), &page(3, None)).await.expect("tenants");
    let cursor = encode_cursor(&tenants.rows[2].cursor_key());
    let rest = house.access.all_workspaces(&cli(), &page(3, Some(&cursor))).await;
    assert_eq!(rest.expect("tenants").rows.len(), 1);

    let foreign = encode_cursor("bat_00000000000000000000000001");
    let refused = house.access.members(&scope, &page(3, Some(&foreign))).await;
    assert!(matches!(refused, Err(Error::Cursor)));
    let damaged = PageArgs::new(Some(3), Some("%%%")).err().map(|error| error.code());
    assert_eq!(damaged, Some(ErrorCode::InvalidCursor));
}

async fn a_workspace_is_renamed_by_admins(database: Database) {
    let house = House::open(database);
    let ada = house.person("ada").await;
    let scope = house.scope(&ada, Action::EditWorkspace).await;
    let edited = house.access.edit_workspace(&scope, " 工作室 ", Some("retail")).await;
    let edited = edited.expect("renamed");
    assert_eq!((edited.name.as_str(), edited.industry.as_deref()), ("工作室", Some("retail")));
    let refused = house.access.edit_workspace(&scope, "", None).await;
    assert!(matches!(refused, Err(Error::Text(_))));
}
