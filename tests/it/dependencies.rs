//! What the workspace depends on is what `deny.toml` allows: licences, sources, and no second way to
//! do what one crate does already. Every package of the lock file is looked at, for every platform.

use std::process::Command;

use serde::Deserialize;
use spdx::{Expression, ParseMode};

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Nothing for a member of the workspace.
    source: Option<String>,
}

impl Deny {
    fn complaints(&self, packages: &[Package]) -> Vec<String> {
        let foreign =
            packages.iter().filter_map(|package| Some((package, package.source.as_ref()?)));
        let mut found = Vec::new();
        for (package, source) in foreign {
            let who = format!("{} {}", package.name, package.version);
            let known = |registry: &String| source == &format!("registry+{registry}");
            if !self.sources.allow_registry.iter().any(known) {
                found.push(format!("{who} comes from {source}"));
            }
            if !self.allows(package.license.as_deref().unwrap_or_default()) {
                found.push(format!("{who} is licensed {:?}", package.license));
            }
            let banned = self.bans.deny.iter().find(|banned| banned.name == package.name);
            found.extend(banned.map(|banned| format!("{who}: {}", banned.reason)));
        }
        found
    }

    /// Whether one of the choices that a licence expression leaves is allowed whole.
    fn allows(&self, license: &str) -> bool {
        // Older packages write `MIT/Apache-2.0`, which the lax mode reads as OR.
        let parsed = Expression::parse_mode(license, ParseMode::LAX);
        parsed.is_ok_and(|parsed| {
            parsed.evaluate(|wanted| self.licenses.allow.contains(&wanted.to_string()))
        })
    }
}

fn deny() -> Deny {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../deny.toml");
    toml::from_str(&std::fs::read_to_string(path).expect("deny.toml")).expect("its shape")
}

#[test]
fn what_is_depended_on_is_allowed() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| String::from("cargo"));
    let mut ask = Command::new(cargo);
    ask.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    let output = ask.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).expect("what cargo says");
    assert!(metadata.packages.len() > 300, "{} packages", metadata.packages.len());
    let complaints = deny().complaints(&metadata.packages);
    assert!(complaints.is_empty(), "deny.toml says no:\n{}", complaints.join("\n"));
}

#[test]
fn what_is_not_allowed_is_found() {
    let from = |name: &str, license: &str, source: &str| Package {
        name: name.to_owned(),
        version: String::from("1.0.0"),
        license: Some(license.to_owned()),
        source: Some(source.to_owned()),
    };
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    for (package, complaint) in [
        (from("a", "GPL-3.0-only", registry), "licensed"),
        (from("a", "MIT AND GPL-3.0-only", registry), "licensed"),
        (from("a", "", registry), "licensed"),
        (from("a", "MIT", "git+https://example.com/a"), "comes from"),
        (from("openssl-sys", "MIT", registry), "rustls"),
    ] {
        let found = deny().complaints(&[package]);
        assert!(found.iter().any(|text| text.contains(complaint)), "{complaint}: {found:?}");
    }
    let fine = [
        from("a", "MIT/GPL-3.0-only", registry),
        from("b", "Apache-2.0 WITH LLVM-exception", registry),
    ];
    assert!(deny().complaints(&fine).is_empty());
}
