//! Templates: versions, checks, previews, sheets.

use prompt::{Code, Selection};
use server::domain::access::Action;
use server::domain::templates::{Error, NewTemplate, NewVersion, Which};
use server::kernel::error::ApiError;
use server::kernel::page::encode_cursor;

use crate::harness::database::Database;
use crate::harness::world::{World, list, page};

crate::harness::both!(
    versions_never_change_and_saving_names_its_base,
    two_who_save_at_once_are_told_apart,
    what_cannot_be_launched_is_refused_with_its_place,
    lists_are_paged_and_scoped,
    samples_can_be_started_from,
);

fn new(source: &str, selection: Selection) -> NewTemplate {
    NewTemplate {
        name: String::from("  Test "),
        purpose: None,
        source: source.to_owned(),
        selection,
    }
}

fn scenes() -> Selection {
    let values = ["beach", "city"].map(String::from).to_vec();
    Selection { lists: vec![list("scene", values)], ..Selection::default() }
}

async fn versions_never_change_and_saving_names_its_base(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let scope = world.scope(&tenant, Action::EditTemplates).await;
    let made = world.templates.create(&scope, new("A {scene}", scenes())).await.expect("made");
    assert_eq!((made.name.as_str(), made.latest_version), ("Test", 1));
    let next = |expected_version| NewVersion {
        template_id: made.id,
        expected_version,
        source: String::from("A {scene}, noir"),
        selection: scenes(),
    };
    let saved = world.templates.save_version(&scope, next(1)).await.expect("saved");
    assert_eq!(saved.latest_version, 2);
    let before = world.picture().await;
    for stale in [0, 1, 3] {
        let refused = world.templates.save_version(&scope, next(stale)).await.expect_err("stale");
        assert!(matches!(refused, Error::Conflict), "{refused:?}");
    }
    assert_eq!(world.picture().await, before);
    let first = world.templates.version(&scope, made.id, Some(1)).await.expect("version 1");
    assert_eq!((first.source.as_str(), first.selection), ("A {scene}", scenes()));
    let newest = world.templates.version(&scope, made.id, None).await.expect("the newest");
    assert_eq!(newest.version, 2);
    let pages = world.templates.versions(&scope, made.id, &page(1, None)).await.expect("a page");
    assert!(pages.has_next && pages.rows[0].version == 2);
    world.templates.archive(&scope, made.id).await.expect("archived");
    let refused = world.templates.save_version(&scope, next(2)).await.expect_err("archived");
    assert!(matches!(refused, Error::Conflict));
}

async fn two_who_save_at_once_are_told_apart(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let scope = world.scope(&tenant, Action::EditTemplates).await;
    let made = world.templates.create(&scope, new("A {scene}", scenes())).await.expect("made");
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let (templates, scope) = (world.templates.clone(), scope.clone());
            let next = NewVersion {
                template_id: made.id,
                expected_version: 1,
                source: format!("A {{scene}} {n}"),
                selection: scenes(),
            };
            tokio::spawn(async move { templates.save_version(&scope, next).await })
        })
        .collect();
    let mut saved = 0;
    for task in tasks {
        match task.await.expect("no panic") {
            Ok(_) => saved += 1,
            Err(error) => assert!(matches!(error, Error::Conflict), "{error:?}"),
        }
    }
    assert_eq!(saved, 1);
    assert_eq!(world.number("SELECT count(*) FROM template_versions").await, 2);
}

async fn what_cannot_be_launched_is_refused_with_its_place(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let scope = world.scope(&tenant, Action::EditTemplates).await;
    let before = world.picture().await;
    let broken = world.templates.create(&scope, new("A {scene", scenes())).await.expect_err("open");
    let api = ApiError::from(broken);
    assert_eq!(api.code().as_str(), "TEMPLATE_INVALID");
    let problem = api.problems().first().expect("listed");
    assert_eq!(problem.code.as_str(), "UNCLOSED_BRACE");
    assert_eq!(problem.span.map(|span| span.start), Some(2));
    assert!(!problem.zh.is_empty());
    assert_eq!(api.fields(), [("count", 1.into())]);
    let empty = Selection { lists: vec![list("scene", Vec::new())], ..Selection::default() };
    assert!(world.templates.create(&scope, new("A {scene}", empty)).await.is_err());
    let nameless = NewTemplate { name: String::from(" "), ..new("A {scene}", scenes()) };
    let refused = world.templates.create(&scope, nameless).await.expect_err("no name");
    assert_eq!(ApiError::from(refused).code().as_str(), "TEXT_LENGTH");
    let odd = NewTemplate { name: String::from("a\0b"), ..new("A {scene}", scenes()) };
    let refused = world.templates.create(&scope, odd).await.expect_err("a NUL");
    assert_eq!(ApiError::from(refused).code().as_str(), "INVALID_INPUT");
    assert_eq!(world.picture().await, before);
    // Values may come later: with the quote.
    let later = world.templates.create(&scope, new("A {scene}", Selection::default())).await;
    later.expect("unfinished, not wrong");

    let said = world.templates.check("A {scene}", &Selection::default());
    assert_eq!((said.problems[0].code, said.count), (Code::UnknownVariable, None));
    assert_eq!(said.variables, ["scene"]);
    let said = world.templates.check("A {scene}", &scenes());
    assert_eq!((said.count, said.formula.as_deref()), (Some(2), Some("2 scene = 2")));
    let shown = world.templates.preview("A {scene}", &scenes(), &Which::Ordinals(vec![1, 9]));
    let prompts: Vec<_> = shown.expect("shown").into_iter().map(|one| one.prompt).collect();
    assert_eq!(prompts, ["A city"]);
    let much = world.templates.preview("A {scene}", &scenes(), &Which::First(51));
    assert!(matches!(much, Err(Error::PreviewTooLarge { max: 50 })));

    let sheet = world.templates.import_csv("\u{feff}scene;mood\r\nbeach;calm\r\n".as_bytes());
    let sheet = sheet.expect("a sheet");
    assert_eq!(sheet.table.columns, ["scene", "mood"]);
    assert!(!sheet.notices.is_empty(), "separator and encoding are named");
    let ragged = world.templates.import_csv(b"a,b\n1\n").expect_err("a ragged row");
    assert_eq!(ApiError::from(ragged).code().as_str(), "CSV_INVALID");
}

async fn lists_are_paged_and_scoped(database: Database) {
    let world = World::new(&database.db);
    let (ada, bob) = (world.trial("ada").await, world.trial("bob").await);
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(world.template(&ada, 1).await);
        world.clock.advance_ms(1);
    }
    let scope = world.scope(&ada, Action::Read).await;
    let first = world.templates.list(&scope, &page(2, None)).await.expect("a page");
    assert!(first.has_next && first.rows[0].id == made[2] && first.rows[1].id == made[1]);
    let cursor = encode_cursor(&made[1].to_string());
    let rest = world.templates.list(&scope, &page(2, Some(&cursor))).await.expect("a page");
    assert!(!rest.has_next && rest.rows.len() == 1 && rest.rows[0].id == made[0]);
    let foreign = page(1, Some(&encode_cursor("tpl_x")));
    let refused = world.templates.list(&scope, &foreign).await;
    assert!(matches!(refused, Err(Error::InvalidCursor)));
    let edit = world.scope(&ada, Action::EditTemplates).await;
    world.templates.archive(&edit, made[0]).await.expect("archived");
    let left = world.templates.list(&scope, &page(9, None)).await.expect("a page");
    assert_eq!(left.rows.len(), 2);
    assert_eq!(world.templates.many(&scope, &made).await.expect("all three").len(), 3);

    let theirs = world.scope(&bob, Action::EditTemplates).await;
    let before = world.picture().await;
    assert!(world.templates.list(&theirs, &page(9, None)).await.expect("a page").rows.is_empty());
    assert!(matches!(world.templates.get(&theirs, made[1]).await, Err(Error::NotFound)));
    let version = world.templates.version(&theirs, made[1], Some(1)).await;
    assert!(matches!(version, Err(Error::NotFound)));
    let versions = world.templates.versions(&theirs, made[1], &page(1, None)).await;
    assert!(matches!(versions, Err(Error::NotFound)));
    assert!(matches!(world.templates.archive(&theirs, made[1]).await, Err(Error::NotFound)));
    let next = NewVersion {
        template_id: made[1],
        expected_version: 1,
        source: String::from("mine now"),
        selection: Selection::default(),
    };
    let saved = world.templates.save_version(&theirs, next).await;
    assert!(matches!(saved, Err(Error::NotFound)));
    assert_eq!(world.picture().await, before);
}

async fn samples_can_be_started_from(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let scope = world.scope(&tenant, Action::EditTemplates).await;
    for sample in world.templates.samples() {
        let new = NewTemplate {
            name: sample.name.clone(),
            purpose: Some(sample.purpose.clone()),
            source: sample.source.clone(),
            selection: sample.selection.clone(),
        };
        world.templates.create(&scope, new).await.expect("a template");
    }
}
