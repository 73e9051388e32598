//! Which page an address means.
//!
//! A new page: a variant here, an address in `of`, a view in `page::view_of`.

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Sends to the composer.
    Start,
    /// For those who have an account.
    SignIn,
    /// For those who have none.
    SignUp,
    /// The composer.
    Compose,
    /// All batches.
    Batches,
    /// One batch: the second segment is its id.
    Batch,
    /// All templates.
    Templates,
    /// Credits.
    Wallet,
    /// Language, theme, members.
    Settings,
    /// Leads nowhere.
    Nowhere,
}

impl Route {
    /// The page of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match (segments.next(), segments.next(), segments.next()) {
            (None, ..) => Self::Start,
            (Some("sign-in"), None, _) => Self::SignIn,
            (Some("sign-up"), None, _) => Self::SignUp,
            (Some("compose"), None, _) => Self::Compose,
            (Some("batches"), None, _) => Self::Batches,
            (Some("batches"), Some(_), None) => Self::Batch,
            (Some("templates"), None, _) => Self::Templates,
            (Some("wallet"), None, _) => Self::Wallet,
            (Some("settings"), None, _) => Self::Settings,
            _ => Self::Nowhere,
        }
    }
}

/// The part of a path behind the page's own name; empty where there is none.
#[must_use]
pub fn rest(path: &str) -> &str {
    path.split('/').filter(|segment| !segment.is_empty()).nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_understood() {
        for (path, route) in [
            ("/", Route::Start),
            ("/compose", Route::Compose),
            ("/compose/", Route::Compose),
            ("/batches", Route::Batches),
            ("/batches/bat_1", Route::Batch),
            ("/batches/bat_1/x", Route::Nowhere),
            ("/compose/x", Route::Nowhere),
            ("/nowhere", Route::Nowhere),
        ] {
            assert_eq!(Route::of(path), route, "{path}");
        }
        assert_eq!((rest("/batches/bat_1"), rest("/batches")), ("bat_1", ""));
    }
}
