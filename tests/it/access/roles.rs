//! The role table, walked against the database: every action × every role, and the operator.

use entity::enums::Role;
use server::domain::access::{Action, Actor, Caller, Error};

use crate::harness::both;
use crate::harness::database::Database;
use crate::harness::house::{House, cli, visitor};

both!(
    every_action_and_every_role,
    the_operator_reads_and_no_more,
    operators_are_made_on_the_machine
);

async fn every_action_and_every_role(database: Database) {
    let house = House::open(database);
    let (ada, guest) = (house.person("ada").await, house.person("guest").await);
    house.join(&ada, &guest, Role::Viewer).await;
    let scope = house.scope(&ada, Action::ManageOwners).await;
    for role in Role::ALL {
        house.access.set_role(&scope, guest.user_id, *role).await.expect("a role");
        for action in Action::ALL {
            let answer = house.access.authorise(&guest.caller, ada.workspace_id, *action).await;
            match answer {
                Ok(scope) => {
                    assert!(action.allowed(*role), "{role:?} must not {action:?}");
                    assert_eq!((scope.workspace_id(), scope.role()), (ada.workspace_id, *role));
                }
                Err(Error::Forbidden) => {
                    assert!(!action.allowed(*role), "{role:?} may {action:?}");
                }
                Err(other) => panic!("{role:?}, {action:?}: {other:?}"),
            }
        }
    }
    for action in Action::ALL {
        let nobody = house.access.authorise(&visitor("192.0.2.1"), ada.workspace_id, *action).await;
        assert!(matches!(nobody, Err(Error::Unauthenticated)));
        let system = Caller::local(Actor::System, "sweep");
        let system = house.access.authorise(&system, ada.workspace_id, *action).await;
        assert!(matches!(system, Err(Error::Forbidden)));
    }
}

async fn the_operator_reads_and_no_more(database: Database) {
    let house = House::open(database);
    let (ada, op) = (house.person("ada").await, house.person("operator").await);
    house.access.set_operator(&cli(), &op.email, true).await.expect("an operator");
    let op_now = house.again(&op).await;
    house.access.require_operator(&op_now).expect("an operator");
    for action in Action::ALL {
        let answer = house.access.authorise(&op_now, ada.workspace_id, *action).await;
        let reads = matches!(action, Action::Read | Action::ReadMoney | Action::ReadAudit);
        assert_eq!(answer.is_ok(), reads, "{action:?}");
        if let Ok(scope) = answer {
            assert_eq!(scope.role(), Role::Viewer);
            let change = house.access.set_role(&scope, ada.user_id, Role::Viewer).await;
            assert!(matches!(change, Err(Error::Forbidden)));
        }
    }
    let gone = entity::ids::WorkspaceId(uuid::Uuid::from_u128(1));
    let nowhere = house.access.authorise(&op_now, gone, Action::Read).await;
    assert!(matches!(nowhere, Err(Error::NotFound)));
    // In a workspace of their own they are what their role says.
    let own = house.access.authorise(&op_now, op.workspace_id, Action::ManageOwners).await;
    assert_eq!(own.expect("an owner").role(), Role::Owner);
}

async fn operators_are_made_on_the_machine(database: Database) {
    let house = House::open(database);
    let (ada, op) = (house.person("ada").await, house.person("operator").await);
    house.access.set_operator(&cli(), &op.email, true).await.expect("an operator");
    let op_now = house.again(&op).await;
    for caller in [&ada.caller, &op_now, &visitor("192.0.2.1")] {
        let refused = house.access.set_operator(caller, &ada.email, true).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    }
    house.access.set_operator(&cli(), &op.email, false).await.expect("no operator");
    let op_now = house.again(&op).await;
    assert!(matches!(house.access.require_operator(&op_now), Err(Error::Forbidden)));
    let audited = "SELECT count(*) FROM audit_log WHERE action = 'user.operator' AND actor = 'cli'";
    assert_eq!(house.number(audited, []).await, 2);
}
