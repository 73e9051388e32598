//! Keyset pages. A cursor is opaque to clients: base64url of `v1:` and a key of the list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::error::{ApiError, ErrorCode};
use super::reason::Reason;

/// Most rows a page may hold.
pub const MAX_PAGE: usize = 200;
/// Rows of a page when nobody says.
pub const DEFAULT_PAGE: usize = 50;

/// What a list is asked for: `first` rows after `after`.
#[derive(Clone, Debug)]
pub struct PageArgs {
    /// Rows wanted, 1 … [`MAX_PAGE`].
    pub first: usize,
    /// Key of the last row already seen, decoded.
    pub after: Option<String>,
}

/// One page and whether more follow.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, in list order.
    pub rows: Vec<T>,
    /// True when another page exists.
    pub has_next: bool,
}

impl PageArgs {
    /// Checks a request for a page. Errors: `INVALID_INPUT` (size), `INVALID_CURSOR`.
    pub fn new(first: Option<i32>, after: Option<&str>) -> Result<Self, ApiError> {
        let first = first.map_or(DEFAULT_PAGE, |first| usize::try_from(first).unwrap_or(0));
        if first == 0 || first > MAX_PAGE {
            return Err(ApiError::invalid_input("first", Reason::OutOfRange)
                .with("min", 1)
                .with("max", MAX_PAGE));
        }
        Ok(Self { first, after: after.map(decode_cursor).transpose()? })
    }

    /// Rows to ask the database for: one more than wanted shows whether more follow.
    #[must_use]
    pub const fn fetch(&self) -> u64 {
        self.first as u64 + 1
    }

    /// Cuts what [`Self::fetch`] brought to a page.
    #[must_use]
    pub fn cut<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let has_next = rows.len() > self.first;
        rows.truncate(self.first);
        Page { rows, has_next }
    }
}

/// Cursor of a row's key.
#[must_use]
pub fn encode_cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("v1:{key}"))
}

fn decode_cursor(cursor: &str) -> Result<String, ApiError> {
    let refused = || ApiError::new(ErrorCode::InvalidCursor);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    text.strip_prefix("v1:").map(str::to_owned).ok_or_else(refused)
}
