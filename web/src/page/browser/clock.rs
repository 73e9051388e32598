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

/// A day of a calendar (`YYYY-MM-DD`), without its year.
pub fn short_day(day: &str, language: Language) -> String {
    // Noon of the reader's own: a bare day would be read as UTC and may be the day before.
    write(&format!("{day}T12:00:00"), language, &[("month", "short"), ("day", "numeric")])
}

/// The reader's day, `YYYY-MM-DD`.
pub fn today() -> String {
    written(&Date::new_0())
}

/// The reader's day so many days ago.
pub fn days_before(days: i32) -> String {
    let now = Date::new_0();
    let (month, day) = (now.get_month().cast_signed(), now.get_date().cast_signed());
    // Below one the calendar goes on into the month before.
    written(&Date::new_with_year_month_day(now.get_full_year(), month, day - days))
}

/// The first moment of a reader's day, so many days later.
pub fn midnight(day: &str, later: i32) -> Option<String> {
    let mut parts = day.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, date) = (parts.next()??, parts.next()??, parts.next()??);
    let year = u32::try_from(year).ok()?;
    let start = Date::new_with_year_month_day(year, month - 1, date + later);
    start.get_time().is_finite().then(|| start.to_iso_string().into())
}

fn written(date: &Date) -> String {
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
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
