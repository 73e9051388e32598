//! The parameters of a request, from a body, an address or a socket's message.
//!
//! Read strictly: what is present has its type or is null. Unknown parameters are ignored, as the
//! specification wants it. Nothing of what was sent is quoted in a refusal: it may hold secrets.

use std::collections::HashMap;

use async_graphql::{Request as GraphqlRequest, Value, Variables};
use serde::Deserialize;

use crate::graphql::documents::Documents;
use crate::graphql::error::query_invalid;
use crate::kernel::error::ApiError;
use crate::kernel::reason::Reason;

/// The parameters of one request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Asked {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    extensions: Option<HashMap<String, Value>>,
}

impl Asked {
    /// From a body of JSON.
    ///
    /// # Errors
    /// `QUERY_INVALID`.
    pub fn from_body(bytes: &[u8]) -> Result<Self, ApiError> {
        match bytes.trim_ascii_start().first() {
            Some(b'{') => {}
            Some(b'[') => return Err(query_invalid(Reason::OneAtATime)),
            _ => return Err(query_invalid(Reason::BodyNotObject)),
        }
        serde_json::from_slice(bytes).map_err(|error| {
            query_invalid(Reason::BodyNotRequest)
                .with("line", error.line())
                .with("column", error.column())
        })
    }

    /// From the query string of an address, where `variables` and `extensions` are JSON.
    ///
    /// # Errors
    /// `QUERY_INVALID`.
    pub fn from_address(uri: &axum::http::Uri, most_bytes: usize) -> Result<Self, ApiError> {
        if uri.query().is_some_and(|text| text.len() > most_bytes) {
            return Err(query_invalid(Reason::AddressTooLong).with("max", most_bytes));
        }
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
        let pairs = pairs.map_err(|_| query_invalid(Reason::AddressUnreadable))?.0;
        let mut asked = Self {
            query: None,
            document_id: None,
            operation_name: None,
            variables: Variables::default(),
            extensions: None,
        };
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in &pairs {
            if seen.contains(&name.as_str()) {
                return Err(query_invalid(Reason::ParameterTwice));
            }
            match name.as_str() {
                _ if value.is_empty() => continue,
                "query" => asked.query = Some(value.clone()),
                "documentId" => asked.document_id = Some(value.clone()),
                "operationName" => asked.operation_name = Some(value.clone()),
                "variables" => asked.variables = json("variables", value)?,
                "extensions" => asked.extensions = json("extensions", value)?,
                _ => continue,
            }
            seen.push(name);
        }
        Ok(asked)
    }

    /// As the framework takes it, with the text of the document that it names.
    ///
    /// # Errors
    /// `QUERY_INVALID` when there is nothing to run, `DOCUMENT_UNKNOWN`.
    pub fn request(self, documents: &Documents) -> Result<GraphqlRequest, ApiError> {
        let query = self.query.unwrap_or_default();
        let mut request = GraphqlRequest::new(query).variables(self.variables);
        request.operation_name = self.operation_name.filter(|name| !name.is_empty());
        request.extensions.0 = self.extensions.unwrap_or_default();
        let id = self.document_id.filter(|id| !id.is_empty());
        documents.resolve(&mut request, id.as_deref())?;
        if request.query.is_empty() {
            return Err(query_invalid(Reason::ParameterMissing).with("parameter", "query"));
        }
        Ok(request)
    }
}

/// The same request once more.
pub(super) fn copy(request: &GraphqlRequest) -> GraphqlRequest {
    let mut copy = GraphqlRequest::new(&*request.query).variables(request.variables.clone());
    copy.operation_name.clone_from(&request.operation_name);
    copy.extensions.0.clone_from(&request.extensions.0);
    copy
}

fn json<'a, T: Deserialize<'a>>(name: &'static str, text: &'a str) -> Result<T, ApiError> {
    serde_json::from_str(text)
        .map_err(|_| query_invalid(Reason::ParameterNotObject).with("parameter", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_QUERY_STRING: usize = 32 * 1024;

    fn ours() -> Documents {
        Documents::read(None, false).expect("our own documents")
    }

    fn body(text: &str) -> bool {
        Asked::from_body(text.as_bytes()).and_then(|asked| asked.request(&ours())).is_ok()
    }

    #[test]
    fn parameters_have_their_types_or_are_null() {
        assert!(body(r#" {"query":"{a}"}"#));
        assert!(body(
            r#"{"query":"{a}","variables":null,"operationName":null,"extensions":null,"x":1}"#
        ));
        for wrong in [r#"{"o":1}"#, "0", "false", r#"["a"]"#] {
            for name in ["query", "operationName"] {
                let text = format!(r#"{{"query":"{{a}}","{name}":{wrong}}}"#);
                assert!(!body(&text.replace(r#""query":"{a}","query""#, r#""query""#)), "{text}");
            }
        }
        for wrong in [r#""text""#, "0", "false", r#"["a"]"#] {
            for name in ["variables", "extensions"] {
                assert!(!body(&format!(r#"{{"query":"{{a}}","{name}":{wrong}}}"#)), "{wrong}");
            }
        }
        for wrong in ["", "[]", "null", r#"["{a}"]"#, "{}", r#"{"query":null}"#, r#"{"query":""}"#]
        {
            assert!(!body(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_read_like_a_body() {
        let ok = |text: &str| {
            let uri = format!("/graphql?{text}").parse().expect("an address");
            let asked = Asked::from_address(&uri, MAX_QUERY_STRING).ok()?;
            asked.request(&ours()).map(|request| request.query).ok()
        };
        assert_eq!(ok("query=%7Ba%7D&variables=").as_deref(), Some("{a}"));
        assert_eq!(ok("query=%7Ba%7D&variables=%7B%22n%22%3A1%7D").as_deref(), Some("{a}"));
        assert_eq!(ok("query=%7Ba%7D&variables=7"), None);
        assert_eq!(ok("query=%7Ba%7D&query=%7Bb%7D"), None);
        assert_eq!(ok("nothing=1"), None);
        assert_eq!(ok(&format!("query={}", "a".repeat(MAX_QUERY_STRING))), None);
    }
}
