//! The house keeps its layers: who may import whom is decided in ARCHITECTURE.md and held here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules of the server, each with the modules of the crate it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("config", &["kernel"]),
    ("db", &["kernel", "config"]),
    ("coord", &["kernel", "config"]),
    ("ports", &["kernel", "config"]),
    ("domain", &["kernel", "config", "db", "coord", "ports"]),
    ("graphql", &["kernel", "config", "db", "coord", "domain"]),
    ("worker", &["kernel", "config", "db", "coord", "ports", "domain"]),
    ("http", &["kernel", "config", "db", "coord", "domain", "graphql", "app"]),
    ("app", &["kernel", "config", "db", "coord", "ports", "domain", "graphql", "worker"]),
    ("cli", &["kernel", "config", "db", "domain", "graphql", "http", "app"]),
    ("main", &["cli"]),
];

/// Nouns of the domain, each with the nouns it may import.
const NOUNS: &[(&str, &[&str])] = &[
    ("access", &[]),
    ("plans", &["access"]),
    ("offers", &["access"]),
    ("templates", &["access", "plans"]),
    ("media", &["access", "plans"]),
    ("wallet", &["access", "plans", "templates", "media"]),
    ("batches", &["access", "plans", "templates", "media", "wallet"]),
    ("value_lists", &["access"]),
    ("vouchers", &["access", "plans", "wallet"]),
    ("onboarding", &["access", "plans", "templates", "media", "wallet"]),
    ("collect", &["access", "plans", "templates", "media", "wallet", "batches"]),
];

#[test]
fn layers_import_only_to_the_left() {
    let root = repository().join("server/src");
    let table: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut faults = Vec::new();
    for file in sources(&root) {
        let layer = first_segment(&root, &file);
        let Some(allowed) = table.get(layer.as_str()) else {
            if layer != "lib" {
                faults.push(format!("{}: no layer is named {layer}", file.display()));
            }
            continue;
        };
        for import in imports(&file, "crate::") {
            if import != layer
                && table.contains_key(import.as_str())
                && !allowed.contains(&import.as_str())
            {
                faults.push(format!("{}: {layer} must not import {import}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn nouns_import_only_to_the_left() {
    let root = repository().join("server/src/domain");
    let table: BTreeMap<_, _> = NOUNS.iter().copied().collect();
    let mut faults = Vec::new();
    for file in sources(&root) {
        let noun = first_segment(&root, &file);
        if noun == "mod" {
            continue;
        }
        let Some(allowed) = table.get(noun.as_str()) else {
            faults.push(format!("{}: no noun is named {noun}", file.display()));
            continue;
        };
        for import in imports(&file, "crate::domain::") {
            if import != noun && !allowed.contains(&import.as_str()) {
                faults.push(format!("{}: {noun} must not import {import}", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_pure_crates_stay_pure() {
    for (name, banned) in [
        ("prompt", &["std::fs", "std::net", "std::process", "tokio", "sea_orm"][..]),
        ("animatic", &["std::net", "tokio", "sea_orm"][..]),
        ("entity", &["tokio", "async_graphql"][..]),
        ("migration", &["entity::"][..]),
        ("web", &["server::", "entity::", "sea_orm", "axum"][..]),
    ] {
        for file in sources(&repository().join(name).join("src")) {
            let text = code(&file);
            for word in banned {
                assert!(!text.contains(word), "{}: {word} has no place in {name}", file.display());
            }
        }
    }
}

#[test]
fn the_page_decides_without_a_browser() {
    let root = repository().join("web/src");
    for file in sources(&root) {
        if ["page", "lib", "main"].contains(&first_segment(&root, &file).as_str()) {
            continue;
        }
        let text = code(&file);
        for word in ["leptos", "web_sys", "js_sys", "wasm_bindgen"] {
            assert!(!text.contains(word), "{}: {word} belongs into page/", file.display());
        }
    }
}

#[test]
fn functions_that_take_a_transaction_say_so() {
    let mut faults = Vec::new();
    for file in sources(&repository().join("server/src/domain")) {
        let text = code(&file);
        for signature in text.split("fn ").skip(1) {
            let head: String =
                signature.split('{').next().unwrap_or_default().split_whitespace().collect();
            let name = head.split(['(', '<']).next().unwrap_or_default().to_owned();
            if head.contains(":&Tx") && !name.ends_with("_in_tx") {
                faults.push(format!("{}: {name} takes a transaction", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_module_is_a_drawer_for_everything() {
    for file in sources(&repository()) {
        let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let folder =
            file.parent().and_then(Path::file_name).and_then(|f| f.to_str()).unwrap_or_default();
        for banned in ["utils", "util", "common", "helpers", "helper", "misc"] {
            assert!(name != banned && folder != banned, "{}", file.display());
        }
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

/// A table of edges is worth as much as the tests it names.
#[test]
fn the_tests_of_every_edge_exist() {
    let root = repository();
    let table = fs::read_to_string(root.join("docs/decisions/0055-control.md")).expect("the page");
    let (_, table) = table.split_once("## Every edge and its test").expect("the table");
    let suites = sources(&root.join("tests/it"));
    let tests: String = suites.iter().map(|file| code(file)).collect();
    let is_known = |name: &str| {
        let (folder, last) = name.rsplit_once("::").unwrap_or(("", name));
        let file = folder.replace("::", "/");
        let module = root.join("tests/it").join(&file).join(format!("{last}.rs"));
        tests.contains(&format!("fn {last}(")) || module.is_file()
    };
    let quoted = table.split('`').skip(1).step_by(2);
    let named: Vec<&str> =
        quoted.filter(|name| name.contains('_') && !name.contains(' ')).collect();
    assert!(named.len() > 50, "{named:?}");
    let unknown: Vec<_> = named.into_iter().filter(|name| !is_known(name)).collect();
    assert!(unknown.is_empty(), "no such tests: {unknown:?}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "target" && name != ".git" {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn first_segment(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).expect("a file below the root");
    let first = inside.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The file without comments, so that prose may name what code may not.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a readable source");
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Names that directly follow `prefix`, also inside `{a, b::c}` groups.
fn imports(file: &Path, prefix: &str) -> Vec<String> {
    let text = code(file);
    let mut found = Vec::new();
    for rest in text.split(prefix).skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 1 && (c == ',' || c == '{') || depth == 0 {
                    found.push(head(&name));
                    name.clear();
                } else if depth == 1 && c != '}' {
                    name.push(c);
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.push(head(rest));
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn head(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
