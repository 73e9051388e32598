//! The demo account of a data folder: a random password, kept beside the data, for its owner alone.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api::{Client, queries};
use crate::failure::{Failure, While as _};

const FILE: &str = "demo-account.json";
const E_MAIL: &str = "demo@example.com";
/// 20 of 32 letters: 100 bits.
const LETTERS: usize = 20;
/// Without 0, 1, l and o, which are misread.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Who signs in.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Also the name to sign in with.
    pub email: String,
    /// Random, one per data folder.
    pub password: String,
}

impl Account {
    /// A new one, kept nowhere.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn fresh() -> Result<Self, Failure> {
        Ok(Self { email: E_MAIL.to_owned(), password: password()? })
    }

    /// The data folder's, made and kept there if there is none.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn of(data: &Path) -> Result<Self, Failure> {
        let path = data.join(FILE);
        let what = path.display();
        if path.exists() {
            let text = std::fs::read_to_string(&path).or_fail(format!("read {what}"))?;
            return serde_json::from_str(&text).or_fail(format!("understand {what}"));
        }
        // Kept before it is used: a password nobody wrote down would lock the folder's owner out.
        let account = Self::fresh()?;
        let text = serde_json::to_string_pretty(&account).or_fail("write an account")?;
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .or_fail(format!("make {what}"))?;
        file.write_all(text.as_bytes()).or_fail(format!("write {what}"))?;
        file.sync_all().or_fail(format!("write {what}"))?;
        Ok(account)
    }

    /// Signs up with a new workspace; the client is signed in from here on.
    ///
    /// # Errors
    /// The server refuses.
    pub fn sign_up(&self, client: &mut Client, workspace: &str) -> Result<String, Failure> {
        let input = json!({
            "email": self.email, "password": self.password,
            "displayName": "Demo", "workspaceName": workspace,
        });
        let data = client.run(queries::SIGN_UP, json!({ "input": input }))?;
        text(&data["signUp"]["workspace"]["id"])
    }

    /// Signs in; none if there is no such account yet.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn sign_in(&self, client: &mut Client) -> Result<Option<String>, Failure> {
        let input = json!({ "email": self.email, "password": self.password });
        match client.ask(queries::SIGN_IN, json!({ "input": input }))? {
            Ok(_) => {}
            Err(refusal) if refusal.code == "INVALID_CREDENTIALS" => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        }
        let data = client.run(queries::MY_WORKSPACES, json!({}))?;
        text(&data["me"]["memberships"][0]["workspaceId"]).map(Some)
    }
}

fn text(value: &serde_json::Value) -> Result<String, Failure> {
    let words = "the API's answer lacks a workspace";
    value.as_str().map(str::to_owned).ok_or_else(|| Failure::new(words))
}

fn password() -> Result<String, Failure> {
    let mut bytes = [0_u8; LETTERS];
    let mut source = std::fs::File::open("/dev/urandom").or_fail("read randomness")?;
    source.read_exact(&mut bytes).or_fail("read randomness")?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_data_folder_keeps_one_account_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let first = Account::of(folder.path()).unwrap();
        assert_eq!(Account::of(folder.path()).unwrap(), first);
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn passwords_differ() {
        let (one, other) = (password().unwrap(), password().unwrap());
        assert_eq!(one.len(), LETTERS);
        assert_ne!(one, other);
    }
}
