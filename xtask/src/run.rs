//! `cargo xtask run`: everything it takes to try the product, then the server in the foreground.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::account::Account;
use crate::api::{Client, queries};
use crate::args;
use crate::campaign::{self, Campaign};
use crate::failure::{Failure, While as _};
use crate::server::{Installation, Server};
use crate::{interrupt, packages, page, process, server, step, table, target};

/// What the seeded workspace can do: everything a person may want to try.
const PLAN: &str = "pro-1";
const CREDITS: &str = "1000";
const REASON: &str = "demo workspace";

/// Prepares, builds, starts, seeds, and waits for Ctrl-C.
///
/// # Errors
/// A step does not work, or the server ends by itself.
pub fn run(options: &args::Run) -> Result<(), Failure> {
    page::ensure()?;
    let installation = prepare(options.data.clone())?;
    let mut server = step::step("starting the server", || installation.serve(options.port))?;
    let account = step::step("looking after the demo workspace", || seed(&installation, &server))?;
    let facts = [
        ("page", server.address().to_owned()),
        ("GraphQL", format!("{}/graphql", server.address())),
        ("schema", format!("{}/schema.graphql", server.address())),
        ("e-mail", account.email),
        ("password", account.password),
        ("data", installation.data.display().to_string()),
        ("log", installation.log().display().to_string()),
    ];
    println!("\nReelmill serves on {}\n{}\n", server.address(), table::facts(&facts));
    step::note("Ctrl-C stops it");
    loop {
        if interrupt::requested() {
            return step::step("stopping the server", || server.stop());
        }
        server.check()?;
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// System packages and the binary.
///
/// # Errors
/// Something is missing and cannot be had.
pub fn prepare(data: PathBuf) -> Result<Installation, Failure> {
    packages::ensure(&[packages::RENDER])?;
    let binary = server::build()?;
    server::make_folder(&data)?;
    Ok(Installation { binary, data, settings: None })
}

/// Signs the demo account in, or up; gives it what it lacks. Changes nothing the second time.
fn seed(installation: &Installation, server: &Server) -> Result<Account, Failure> {
    let account = Account::of(&installation.data)?;
    let mut client = Client::new(server.address());
    let workspace = match account.sign_in(&mut client)? {
        Some(workspace) => workspace,
        None => account.sign_up(&mut client, "Demo")?,
    };
    let standing = client.run(queries::STANDING, json!({ "workspace": workspace }))?;
    if standing["workspace"]["plan"]["code"] == "trial" {
        endow(installation, &workspace, (PLAN, CREDITS))?;
    }
    let data = client.run(queries::TEMPLATES, json!({ "workspace": workspace }))?;
    if data["workspace"]["templates"]["nodes"][0].is_null() {
        let sample = campaign::load(&target::root()?.join("examples/lighthouse.toml"))?;
        let selection = selection(&mut client, &sample)?;
        create_template(&mut client, &workspace, (&sample, &selection))?;
    }
    Ok(account)
}

/// Sets plan and credits as an operator does, on the command line.
///
/// # Errors
/// The command refuses.
pub fn endow(
    installation: &Installation,
    workspace: &str,
    (plan, credits): (&str, &str),
) -> Result<(), Failure> {
    let set = |words: &[&str]| {
        let mut command: Command = installation.command(words);
        process::read(&mut command).map(drop)
    };
    // The plan last: it is what tells that this was done.
    set(&["workspace", "grant", workspace, credits, "--reason", REASON, "--reference", "xtask"])?;
    set(&["workspace", "plan", workspace, plan, "--reason", REASON])
}

/// A campaign's selection with its table, which the server reads whatever its encoding.
///
/// # Errors
/// The server refuses; the words name row and column.
pub fn selection(client: &mut Client, campaign: &Campaign) -> Result<Value, Failure> {
    let mut selection = serde_json::to_value(&campaign.selection).or_fail("write a selection")?;
    if let Some(bytes) = &campaign.csv {
        let input = json!({ "csvBase64": STANDARD.encode(bytes) });
        let mut data = client.run(queries::READ_TABLE, json!({ "input": input }))?;
        for notice in data["readTable"]["notices"].as_array().into_iter().flatten() {
            step::note(notice["message"].as_str().unwrap_or_default());
        }
        selection["rows"] = data["readTable"]["table"].take();
    }
    Ok(selection)
}

/// Makes a template of a campaign and returns its id.
///
/// # Errors
/// The server refuses.
pub fn create_template(
    client: &mut Client,
    workspace: &str,
    (campaign, selection): (&Campaign, &Value),
) -> Result<String, Failure> {
    let input = json!({
        "workspaceId": workspace, "name": campaign.name, "source": campaign.template,
        "selection": selection,
    });
    let data = client.run(queries::CREATE_TEMPLATE, json!({ "input": input }))?;
    let id = data["createTemplate"]["template"]["id"].as_str();
    id.map(str::to_owned).ok_or_else(|| Failure::new("the API's answer lacks a template"))
}
