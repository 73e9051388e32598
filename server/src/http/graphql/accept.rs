//! Which media type a client wants its answer in.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::kernel::error::{ApiError, ErrorCode};

/// What answers come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Media {
    /// `application/json`: what was asked well is 200, whatever became of it.
    Json,
    /// `application/graphql-response+json`: what did not run is 4xx or 5xx.
    Graphql,
    /// `text/event-stream`: graphql-sse, one connection an operation.
    Events,
}

impl Media {
    /// The types on offer, the one for those who do not mind first.
    const ALL: [Self; 3] = [Self::Json, Self::Graphql, Self::Events];

    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Graphql => ("application", "graphql-response+json"),
            Self::Events => ("text", "event-stream"),
        }
    }

    /// `Content-Type` of an answer.
    pub const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json",
            Self::Graphql => "application/graphql-response+json; charset=utf-8",
            Self::Events => "text/event-stream; charset=utf-8",
        })
    }
}

/// What a client accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) struct Accept {
    /// For an answer that is given once, if there is a type for it.
    pub once: Option<Media>,
    /// Events were named, so that a subscription can be followed.
    pub events: bool,
    /// Events are what it wants most, whatever it asks.
    pub prefers_events: bool,
}

/// How much a type is wanted, and how exactly it was named (0 by `*/*`, 2 in full).
type Want = (u16, u8);

impl Accept {
    /// Reads `Accept`; without one anything is accepted.
    ///
    /// # Errors
    /// `NOT_ACCEPTABLE` when nothing on offer is.
    pub fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        let lines = headers.get_all(header::ACCEPT).iter();
        let text: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        if text.iter().all(|line| line.trim().is_empty()) {
            return Ok(Self { once: Some(Media::Json), events: false, prefers_events: false });
        }
        let [json, graphql, events] = Media::ALL.map(|media| want(&text, media));
        // `*/*` asks for nothing in particular; a stream must have been meant.
        let events = events.filter(|(_, exact)| *exact > 0);
        let once = match (json, graphql) {
            (Some(json), Some(graphql)) if graphql > json || (graphql == json && json.1 == 2) => {
                Some(Media::Graphql)
            }
            (Some(_), _) => Some(Media::Json),
            (None, Some(_)) => Some(Media::Graphql),
            (None, None) => None,
        };
        if once.is_none() && events.is_none() {
            let offered = "application/json, application/graphql-response+json, text/event-stream";
            return Err(ApiError::new(ErrorCode::NotAcceptable).with("offered", offered));
        }
        let best = json.max(graphql);
        let prefers_events = events.is_some_and(|(weight, _)| best.is_none_or(|b| weight > b.0));
        Ok(Self { once, events: events.is_some(), prefers_events })
    }

    /// The type of a refusal: there is always one that can be read.
    pub fn refusal(self) -> Media {
        self.once.unwrap_or(Media::Graphql)
    }
}

/// The most exact range that covers a type decides about it; weight 0 excludes it.
fn want(lines: &[&str], media: Media) -> Option<Want> {
    let ranges = lines.iter().flat_map(|line| line.split(','));
    let covering = ranges.filter_map(|range| covers(range, media));
    let (exact, weight) = covering.max()?;
    (weight > 0).then_some((weight, exact))
}

/// Exactness and weight (in thousandths) of a range that covers the type.
fn covers(range: &str, media: Media) -> Option<(u8, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let name = media.name();
    let exact = if kind.eq_ignore_ascii_case(name.0) && subtype.eq_ignore_ascii_case(name.1) {
        2
    } else if kind.eq_ignore_ascii_case(name.0) && subtype == "*" {
        1
    } else if (kind, subtype) == ("*", "*") {
        0
    } else {
        return None;
    };
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((exact, weight.map_or(1000, thousandths)))
}

/// `1`, `0.5`, `0.123`; what cannot be read is 0.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<3}");
    let part = digits.get(..3).and_then(|digits| digits.parse::<u16>().ok()).unwrap_or(0);
    match whole {
        "1" => 1000,
        "0" => part,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<Accept> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(text));
        Accept::read(&headers).ok()
    }

    #[test]
    fn the_answers_type_is_what_was_wanted_most() {
        for (text, wanted) in [
            ("", Some(Media::Json)),
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("Application/GraphQL-Response+JSON", Some(Media::Graphql)),
            ("application/graphql-response+json, application/json", Some(Media::Graphql)),
            ("application/json, application/graphql-response+json", Some(Media::Graphql)),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", Some(Media::Json)),
            ("application/json;q=0, */*", Some(Media::Graphql)),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(Media::Json)),
            ("application/graphql-response+json; charset=utf-8; q=0.2", Some(Media::Graphql)),
            ("text/event-stream", None),
        ] {
            assert_eq!(read(text).expect(text).once, wanted, "{text}");
        }
        for text in ["text/html", "application/json;q=0", "image/*, text/plain", "nonsense"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_stream_must_be_meant() {
        let events = |text| read(text).map(|accept| (accept.events, accept.prefers_events));
        assert_eq!(events("*/*"), Some((false, false)));
        assert_eq!(events("text/event-stream"), Some((true, true)));
        assert_eq!(events("application/json, text/event-stream"), Some((true, false)));
        assert_eq!(events("application/json;q=0.5, text/event-stream"), Some((true, true)));
        assert_eq!(events("application/json, text/event-stream;q=0"), Some((false, false)));
    }
}
