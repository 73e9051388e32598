//! What a browser calls itself, in words that a person recognises. Pure.
//!
//! A user agent is whatever its sender wrote: the words are for recognising one's own devices and
//! decide nothing. What is not recognised has no words; the text itself is never shown.

use crate::kernel::language::Language;

/// Programs by the first mark that is theirs: most browsers also name the ones they descend from.
const PROGRAMS: &[(&str, &str)] = &[
    ("micromessenger", "WeChat"),
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("edgios/", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("ucbrowser", "UC Browser"),
    ("qqbrowser", "QQ Browser"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("headlesschrome", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
    ("node", "Node.js"),
    ("go-http-client", "Go"),
];

/// Systems by the first mark that is theirs: an iPhone also says `Mac OS X`, Android also `Linux`.
const SYSTEMS: &[(&str, &str)] = &[
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("openharmony", "HarmonyOS"),
    ("harmonyos", "HarmonyOS"),
    ("cros", "ChromeOS"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
];

/// A recognised browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The program.
    pub program: Option<&'static str>,
    /// What it runs on.
    pub system: Option<&'static str>,
}

impl Device {
    /// Reads a user agent.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let text = user_agent.to_ascii_lowercase();
        let first = |known: &[(&str, &'static str)]| {
            known.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
        };
        Self { program: first(PROGRAMS), system: first(SYSTEMS) }
    }

    /// One line for a list.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        match (self.program, self.system, language) {
            (Some(program), Some(system), Language::En) => format!("{program} on {system}"),
            (Some(program), Some(system), Language::Zh) => format!("{system} 上的 {program}"),
            (Some(one), None, _) | (None, Some(one), _) => one.to_owned(),
            (None, None, Language::En) => String::from("Unknown device"),
            (None, None, Language::Zh) => String::from("未知设备"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_from_those_they_descend_from() {
        for (text, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0",
                "WeChat on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Firefox on Linux",
            ),
            ("curl/8.7.1", "curl"),
            ("<script>alert(1)</script>", "Unknown device"),
            ("", "Unknown device"),
        ] {
            assert_eq!(Device::of(text).words(Language::En), words, "{text}");
        }
        assert_eq!(Device::of("Firefox/1 Windows").words(Language::Zh), "Windows 上的 Firefox");
        assert_eq!(Device::of("").words(Language::Zh), "未知设备");
    }
}
