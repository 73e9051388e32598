//! Moments as the reader writes them: the browser's own calendar and zone.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::words::Language;

/// Milliseconds since 1970.
pub fn now_ms() -> f64 {
    Date::now()
}

/// Milliseconds since 1970 of a moment in RFC 3339.
pub fn at_ms(moment: &str) -> f64 {
    Date::parse(moment)
}

fn write(moment: &str, language: Language, styles: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, value) in styles {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let date = Date::new(&JsValue::from_str(moment));
    date.to_locale_string(language.tag(), &options).into()
}

/// Day and time.
pub fn moment(moment: &str, language: Language) -> String {
    write(moment, language, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The day.
pub fn day(moment: &str, language: Language) -> String {
    write(moment, language, &[("dateStyle", "medium")])
}

/// The name of the reader's time zone.
pub fn zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &Object::new());
    let options = format.resolved_options();
    Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}
