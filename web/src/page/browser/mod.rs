//! The browser's own abilities, each behind a small function.

pub mod ask;
pub mod clock;
pub mod kept;
pub mod socket;

use wasm_bindgen::JsCast as _;

/// Puts text on the clipboard; whether that was allowed is not waited for.
pub fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// The whole address of a path of this server.
pub fn address(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    format!("{}{path}", origin.unwrap_or_default())
}

/// Fetches a file of this server; the page stays.
pub fn download(path: &str) {
    let anchor = document().and_then(|document| document.create_element("a").ok());
    let anchor = anchor.and_then(|anchor| anchor.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(path);
        // The server names the file.
        anchor.set_download("");
        anchor.click();
    }
}

/// Offers text as a file.
pub fn offer(name: &str, kind: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options);
    let url = blob.and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
    let anchor = document().and_then(|document| document.create_element("a").ok());
    let (Ok(url), Some(anchor)) = (url, anchor) else { return };
    if let Ok(anchor) = anchor.dyn_into::<web_sys::HtmlAnchorElement>() {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// The document.
pub fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Sets an attribute of the root element: theme, language, and the marks that tests wait for.
pub fn mark(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Shows a title on the tab.
pub fn title(text: &str) {
    if let Some(document) = document() {
        document.set_title(text);
    }
}

/// Whether a key press belongs to an input method that is still composing.
///
/// Safari ends the composition before it reports the key, and leaves 229 behind.
pub fn composes(event: &web_sys::KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == 229
}

/// Whether somebody is typing: single keys are text then, not commands.
pub fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    let name = target.tag_name();
    matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
}

/// Moves the focus to an element.
pub fn focus(id: &str) {
    let found = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// A number in 0..1 that nobody depends on.
pub fn luck() -> f64 {
    js_sys::Math::random()
}
