//! Which page an address means.
//!
//! The page is three programs: what is needed first, what is needed once videos are made (`WATCH`),
//! and everything else (`BOOKS`). Which of them an address belongs to is decided by its first
//! segment, as the server does it.
//!
//! A new page: a variant here, an address in `of`, a view in `page/first`, `page/watching` or `page/rest`; where it is not of the
//! first program also a word in `WATCH` or `BOOKS` and in the program's document.

/// A program of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Loaded first.
    Page,
    /// Loaded for batches and their videos.
    Watch,
    /// Loaded for its addresses only.
    Books,
}

/// First segments of the addresses of [`Program::Watch`].
pub const WATCH: &[&str] = &["batches"];
/// First segments of the addresses of [`Program::Books`].
pub const BOOKS: &[&str] = &["wallet", "templates", "settings", "invite"];

impl Program {
    /// The program that shows an address, which may have parameters.
    #[must_use]
    pub fn of(address: &str) -> Self {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let first = path.split('/').find(|segment| !segment.is_empty());
        let among = |words: &[&str]| first.is_some_and(|first| words.contains(&first));
        match () {
            () if among(WATCH) => Self::Watch,
            () if among(BOOKS) => Self::Books,
            () => Self::Page,
        }
    }
}

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
    /// An invitation: the second segment is its token.
    Invite,
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
            (Some("invite"), Some(_), None) => Self::Invite,
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
        for (path, route) in [
            ("/templates", Route::Templates),
            ("/wallet", Route::Wallet),
            ("/settings", Route::Settings),
            ("/invite/token", Route::Invite),
        ] {
            assert_eq!((Route::of(path), Program::of(path)), (route, Program::Books), "{path}");
        }
        assert_eq!((rest("/batches/bat_1"), rest("/batches")), ("bat_1", ""));
    }

    #[test]
    fn an_address_belongs_to_the_program_that_the_server_sends_for_it() {
        for address in [
            "/",
            "/compose?template=tpl_1",
            "/nowhere/wallet",
            "/walle",
            "/sign-in?to=/batches",
            "",
        ] {
            assert_eq!(Program::of(address), Program::Page, "{address}");
        }
        for address in ["/batches", "/batches/bat_1?x=/wallet", "/batches/wallet"] {
            assert_eq!(Program::of(address), Program::Watch, "{address}");
        }
        for address in
            ["/wallet", "/wallet/", "//wallet", "/wallet?batch=bat_1", "/settings#x", "/wallet/x"]
        {
            assert_eq!(Program::of(address), Program::Books, "{address}");
        }
    }

    #[test]
    fn what_is_packed_knows_the_same_addresses() {
        for (html, addresses) in
            [(include_str!("../watch.html"), WATCH), (include_str!("../books.html"), BOOKS)]
        {
            let tag = html.split("name=\"reelmill-addresses\" content=\"").nth(1).unwrap();
            let named: Vec<_> = tag.split('"').next().unwrap().split(' ').collect();
            assert_eq!(named, addresses);
        }
    }

    /// They differ in what they load and in nothing else: theme, language and shell are the same.
    #[test]
    fn the_documents_of_the_programs_are_one() {
        let own = ["rel=\"css\"", "data-bin=", "reelmill-addresses", "First segments"];
        let shared = |html: &'static str| {
            let lines = html.lines().filter(|line| !own.iter().any(|word| line.contains(word)));
            lines.collect::<Vec<_>>()
        };
        let first = shared(include_str!("../index.html"));
        assert_eq!(shared(include_str!("../watch.html")), first);
        assert_eq!(shared(include_str!("../books.html")), first);
    }
}
