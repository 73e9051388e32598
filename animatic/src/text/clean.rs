//! What of a text can be shown: line breaks and controls become spaces, characters that no font
//! has become one neutral mark each, and marks that belong together become one.

use super::fonts::Fonts;

/// Stands for a character that no font has. A private-use character: it is drawn by us.
pub const MARK: char = '\u{E0F0}';

/// The text as it will be drawn.
pub fn clean(text: &str, fonts: &Fonts) -> String {
    let mut out = String::new();
    let mut joined = false;
    for c in text.chars() {
        if c == '\u{200d}' {
            // A joiner: the next character belongs to the one before it.
            joined = true;
            continue;
        }
        if is_silent(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else if c != MARK && fonts.covers(c) {
            out.push(c);
        } else if !(joined && out.ends_with(MARK)) {
            out.push(MARK);
        }
        joined = false;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Characters that only change others: variation selectors, skin tones, combining accents,
/// marks of writing direction.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{300}'..='\u{36f}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_become_one_mark_each() {
        let fonts =
            Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
        let shown = |text| clean(text, &fonts).replace(MARK, "#");
        assert_eq!(shown("a 🦊 b"), "a # b");
        assert_eq!(
            shown("\u{1f469}\u{200d}\u{1f467} \u{1f44d}\u{1f3fd} \u{2764}\u{fe0f}"),
            "# # #"
        );
        assert_eq!(shown(" two\n\nlines\t"), "two lines");
        assert_eq!(shown("':%{pts}\\;[in]"), "':%{pts}\\;[in]");
        assert_eq!(shown("\u{202e}abc"), "abc");
    }
}
