//! What may be a name: letters of any script, digits, `_` and `-`, not beginning with a digit.

/// The axis of repeats; no variable, list or column may be called so.
pub(crate) const TAKE: &str = "take";

const MAX_NAME_CHARS: usize = 64;

pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name)
        && chars.all(continues_name)
        && text.chars().count() <= MAX_NAME_CHARS
}

pub(crate) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '-'
}

pub(crate) fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn letters_digits_underscores_and_hyphens_make_a_name() {
        for name in ["style", "风格", "a1", "a-b", "_x", "café", "имя", "スタイル"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "a b", "a,b", "a=b", "#1", "a/b", &"x".repeat(65)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
