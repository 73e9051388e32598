//! Why the server said no, in its own words.

use crate::json::{Flaw, Json};

/// A refusal, or a request that got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The API's closed code, or one of [`OFFLINE`], [`UNREADABLE`].
    pub code: String,
    /// Words for a person, in the language that was asked for.
    pub message: String,
}

/// The request got no answer.
pub const OFFLINE: &str = "OFFLINE";
/// The answer was not understood.
pub const UNREADABLE: &str = "UNREADABLE";

impl Refusal {
    /// A refusal of the page's own.
    #[must_use]
    pub fn own(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned() }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

/// One entry of a list of errors.
#[must_use]
pub fn refused(error: &Json) -> Refusal {
    let code = error.get("extensions").and_then(|more| more.text("code")).unwrap_or(UNREADABLE);
    Refusal::own(code, error.text("message").unwrap_or_default())
}

/// The data of an answer or event: it has either that or errors.
///
/// # Errors
/// What the server refused with, or [`UNREADABLE`].
pub fn data(answer: &Json) -> Result<&Json, Refusal> {
    // With errors, what is there of the data may lack what the type asks for.
    if let Some(error) = answer.list("errors").first() {
        return Err(refused(error));
    }
    let data = answer.get("data").filter(|data| !data.is_null());
    data.ok_or_else(|| Refusal::own(UNREADABLE, "neither data nor errors"))
}

/// What stands at a path of an answer's data.
///
/// # Errors
/// [`UNREADABLE`] where it leads nowhere.
pub fn at<'a>(data: &'a Json, path: &[&'static str]) -> Result<&'a Json, Refusal> {
    path.iter()
        .try_fold(data, |place, name| place.get(name).ok_or_else(|| Refusal::own(UNREADABLE, name)))
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Self::own(UNREADABLE, &flaw.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Data {
        n: i32,
    }

    fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Refusal> {
        Ok(data(&json::parse(body)?)?.take()?)
    }

    #[test]
    fn data_comes_through() {
        assert_eq!(read::<Data>(r#"{"data":{"n":1}}"#), Ok(Data { n: 1 }));
    }

    #[test]
    fn a_refusal_keeps_code_and_words() {
        let body = r#"{"data":null,"errors":[{"message":"需要 24 积分","extensions":{"code":"INSUFFICIENT_CREDITS"}}]}"#;
        let expected = Refusal::own("INSUFFICIENT_CREDITS", "需要 24 积分");
        assert_eq!(read::<Data>(body), Err(expected));
    }

    #[test]
    fn half_an_answer_is_its_refusal() {
        let body =
            r#"{"data":{"n":null},"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#;
        assert!(read::<Data>(body).is_err_and(|refusal| refusal.is("FORBIDDEN")));
    }

    #[test]
    fn nonsense_is_named() {
        assert!(read::<Data>("<html>").is_err_and(|refusal| refusal.is(UNREADABLE)));
        assert!(read::<Data>("{}").is_err_and(|refusal| refusal.is(UNREADABLE)));
    }
}
