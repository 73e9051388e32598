//! Why the server said no, in its own words.

use serde::Deserialize;

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

#[derive(Deserialize)]
struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<Error>,
}

/// One error of an answer, also of a socket's `error` message.
#[derive(Clone, Debug, Deserialize)]
pub struct Error {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Extensions {
    code: Option<String>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let code = error.extensions.code.unwrap_or_else(|| UNREADABLE.to_owned());
        Self { code, message: error.message }
    }
}

/// Reads the body of an answer.
///
/// # Errors
/// What the server refused with, or [`UNREADABLE`].
pub fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Refusal> {
    let answer: Answer<T> = match serde_json::from_str(body) {
        Ok(answer) => answer,
        // With errors, what is there of the data may lack what the type asks for.
        Err(error) => {
            let bare: Result<Answer<serde::de::IgnoredAny>, _> = serde_json::from_str(body);
            let refused = bare.ok().and_then(|bare| bare.errors.into_iter().next());
            let unreadable = || Refusal::own(UNREADABLE, &error.to_string());
            return Err(refused.map_or_else(unreadable, Refusal::from));
        }
    };
    match (answer.data, answer.errors.into_iter().next()) {
        (_, Some(error)) => Err(error.into()),
        (Some(data), None) => Ok(data),
        (None, None) => Err(Refusal::own(UNREADABLE, "neither data nor errors")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Data {
        n: i32,
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
