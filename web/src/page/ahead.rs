//! The other programs, fetched while there is nothing else to do, so that going over to them is quick.
//!
//! Its files are named in the document, by whoever packed it. Where somebody pays for data, nothing
//! is fetched that was not asked for.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::browser::document;

/// Waits for an idle moment.
pub fn fetch_when_idle() {
    if !saves_data() {
        request_idle_callback(fetch);
    }
}

fn saves_data() -> bool {
    let part = |of: JsValue, name: &str| Reflect::get(&of, &JsValue::from_str(name));
    let navigator = web_sys::window().map(|window| window.navigator());
    let asked = navigator.and_then(|navigator| {
        part(part(navigator.into(), "connection").ok()?, "saveData").ok()?.as_bool()
    });
    asked.unwrap_or(false)
}

fn fetch() {
    let Some(document) = document() else { return };
    let named = document.query_selector("meta[name=reelmill-other]").ok().flatten();
    let names = named.and_then(|named| named.get_attribute("content")).unwrap_or_default();
    for name in names.split_whitespace() {
        let Ok(link) = document.create_element("link") else { continue };
        let _ = link.set_attribute("rel", "prefetch");
        let _ = link.set_attribute("href", name);
        if let Some(head) = document.head() {
            let _ = head.append_child(&link);
        }
    }
}
