//! What a create request says: multipart, as the official client sends it, or JSON.

use std::collections::HashMap;

use serde_json::Value;

use crate::wire::{Request, find};

/// Name → text of every field.
pub(crate) fn fields(request: &Request) -> HashMap<String, String> {
    let kind = request.header("content-type").unwrap_or_default();
    match kind.split_once("boundary=") {
        Some((_, boundary)) => parts(&request.body, boundary.trim_matches('"')),
        None => object(&request.body),
    }
}

fn object(body: &[u8]) -> HashMap<String, String> {
    let Ok(Value::Object(object)) = serde_json::from_slice(body) else { return HashMap::new() };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    object.into_iter().map(|(name, value)| (name, text(value))).collect()
}

fn parts(body: &[u8], boundary: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let mark = format!("--{boundary}");
    let mut rest = body;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = &rest[at + mark.len()..];
        let end = find(rest, mark.as_bytes()).unwrap_or(rest.len());
        if let Some((name, text)) = part(&rest[..end]) {
            found.insert(name, text);
        }
    }
    found
}

fn part(part: &[u8]) -> Option<(String, String)> {
    let at = find(part, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..at]).into_owned();
    let (_, name) = head.split_once("name=\"")?;
    let (name, _) = name.split_once('"')?;
    let text = String::from_utf8_lossy(&part[at + 4..]).into_owned();
    Some((name.to_owned(), text.strip_suffix("\r\n").unwrap_or(&text).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipart_fields_are_read() {
        let body = b"--x\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\na\r\nb\r\n\
                     --x\r\ncontent-disposition: form-data; name=\"seconds\"\r\n\r\n4\r\n--x--\r\n";
        let found = parts(body, "x");
        assert_eq!(found.get("prompt").map(String::as_str), Some("a\r\nb"));
        assert_eq!(found.get("seconds").map(String::as_str), Some("4"));
        assert_eq!(found.len(), 2);
    }
}
