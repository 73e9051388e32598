//! Documents known by their SHA-256: a client sends 64 characters instead of its text.
//!
//! The set is fixed when the server starts: what our own clients send, and the files of a folder
//! that the operator names. Nobody can add to it by asking, so it cannot be filled by strangers,
//! and with `graphql.only_documents` nothing else runs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_graphql::{Request, Value};
use sha2::{Digest as _, Sha256};

use super::error::{Answer, query_invalid};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// What our own clients send.
const OURS: &[&str] = &[
    include_str!("../../documents/batch.graphql"),
    include_str!("../../documents/create_quote.graphql"),
    include_str!("../../documents/create_template.graphql"),
    include_str!("../../documents/launch.graphql"),
    include_str!("../../documents/links.graphql"),
    include_str!("../../documents/my_workspaces.graphql"),
    include_str!("../../documents/progress.graphql"),
    include_str!("../../documents/read_table.graphql"),
    include_str!("../../documents/sign_in.graphql"),
    include_str!("../../documents/sign_up.graphql"),
    include_str!("../../documents/standing.graphql"),
    include_str!("../../documents/templates.graphql"),
    include_str!("../../documents/videos.graphql"),
];
/// How an id by this digest begins.
const PREFIX: &str = "sha256:";

/// The known documents. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Documents {
    known: Arc<HashMap<String, String>>,
    only: bool,
}

/// Why the operator's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// It cannot be read.
    #[error("the documents in {0} cannot be read")]
    Folder(PathBuf, #[source] std::io::Error),
    /// A file is not GraphQL.
    #[error("{0} is not a GraphQL document")]
    Parse(PathBuf, #[source] async_graphql::parser::Error),
}

impl Documents {
    /// Ours and those of a folder; with `only`, nothing else runs.
    ///
    /// # Errors
    /// The folder cannot be read or holds something else.
    pub fn read(folder: Option<&Path>, only: bool) -> Result<Self, DocumentsError> {
        let mut known: HashMap<String, String> =
            OURS.iter().map(|text| (digest(text), (*text).to_owned())).collect();
        if let Some(folder) = folder {
            for text in texts(folder)? {
                known.insert(digest(&text), text);
            }
        }
        Ok(Self { known: Arc::new(known), only })
    }

    /// Puts the text of a known document into a request that names it, by `id` (`sha256:…`) or by
    /// the extension `persistedQuery`.
    ///
    /// # Errors
    /// `DOCUMENT_UNKNOWN`; `QUERY_INVALID` for a text that is not what its digest says.
    pub fn resolve(&self, request: &mut Request, id: Option<&str>) -> Answer<()> {
        let named = match id {
            Some(id) => Some(id.strip_prefix(PREFIX).ok_or_else(unknown)?.to_owned()),
            None => by_extension(request),
        };
        let Some(named) = named else {
            // Without a digest the text itself must be known, if anything must.
            let known = !self.only || self.known.contains_key(&digest(&request.query));
            return if known { Ok(()) } else { Err(unknown()) };
        };
        let found = self.known.get(&named);
        if request.query.is_empty() {
            request.query.clone_from(found.ok_or_else(unknown)?);
            return Ok(());
        }
        if digest(&request.query) != named {
            return Err(query_invalid(Reason::OtherDigest));
        }
        // A text that is sent along runs for itself: it is not added to the set.
        if self.only && found.is_none() { Err(unknown()) } else { Ok(()) }
    }
}

fn unknown() -> ApiError {
    ApiError::new(ErrorCode::DocumentUnknown)
}

/// Lower-case hexadecimal SHA-256 of a text.
#[must_use]
pub fn digest(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn by_extension(request: &Request) -> Option<String> {
    let Value::Object(persisted) = request.extensions.0.get("persistedQuery")? else {
        return None;
    };
    match persisted.get("sha256Hash")? {
        Value::String(hash) => Some(hash.clone()),
        _ => None,
    }
}

fn texts(folder: &Path) -> Result<Vec<String>, DocumentsError> {
    let failed = |error| DocumentsError::Folder(folder.to_owned(), error);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_none_or(|ending| ending != "graphql") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        async_graphql::parser::parse_query(&text)
            .map_err(|error| DocumentsError::Parse(path, error))?;
        texts.push(text);
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(documents: &Documents, query: &str, id: Option<&str>) -> Result<String, ErrorCode> {
        let mut request = Request::new(query);
        match documents.resolve(&mut request, id) {
            Ok(()) => Ok(request.query),
            Err(error) => Err(error.code()),
        }
    }

    #[test]
    fn only_what_was_known_at_the_start_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "query Mine { __typename }";
        std::fs::write(folder.path().join("mine.graphql"), text).expect("a file");
        std::fs::write(folder.path().join("notes.txt"), "not one").expect("a file");
        let id = format!("sha256:{}", digest(text));
        let open = Documents::read(Some(folder.path()), false).expect("a set");
        assert_eq!(resolved(&open, "", Some(&id)).as_deref(), Ok(text));
        let other = format!("sha256:{}", digest("{ other }"));
        for id in [other.as_str(), "mine", &digest(text)] {
            assert_eq!(resolved(&open, "", Some(id)), Err(ErrorCode::DocumentUnknown), "{id}");
        }
        // Sent with its text it runs, and is as unknown afterwards as before.
        assert!(resolved(&open, "{ other }", Some(&other)).is_ok());
        assert_eq!(resolved(&open, "", Some(&other)), Err(ErrorCode::DocumentUnknown));
        assert_eq!(resolved(&open, "{ a }", Some(&other)), Err(ErrorCode::QueryInvalid));
        assert!(resolved(&open, "{ anything }", None).is_ok());
        let only = Documents::read(Some(folder.path()), true).expect("a set");
        assert!(resolved(&only, text, None).is_ok() && resolved(&only, "", Some(&id)).is_ok());
        for id in [None, Some(other.as_str())] {
            let refused = resolved(&only, "{ other }", id);
            assert_eq!(refused, Err(ErrorCode::DocumentUnknown));
        }
        std::fs::write(folder.path().join("bad.graphql"), "{").expect("a file");
        assert!(Documents::read(Some(folder.path()), false).is_err());
    }

    #[test]
    fn every_file_of_ours_is_in_the_set() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("documents");
        let texts = texts(&folder).expect("our documents");
        assert_eq!(texts.len(), OURS.len(), "a file is missing in OURS");
        for text in texts {
            assert!(OURS.contains(&&*text), "{text}");
        }
    }
}
