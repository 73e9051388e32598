//! Values as lines of text.

/// The values in a text, one a line; blank lines are none.
#[must_use]
pub fn values(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Lists side by side as CSV with a header; shorter ones end in empty cells.
#[must_use]
pub fn csv(lists: &[(String, Vec<String>)]) -> String {
    let rows = lists.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let mut text = String::from('\u{feff}');
    let mut line = |cells: Vec<&str>| {
        let cells: Vec<_> = cells.into_iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    };
    line(lists.iter().map(|(name, _)| name.as_str()).collect());
    for row in 0..rows {
        line(lists.iter().map(|(_, values)| values.get(row).map_or("", String::as_str)).collect());
    }
    text
}

/// A cell as every reader takes it. One that a spreadsheet would run as a formula is made text.
fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_are_no_values() {
        assert_eq!(values(" a \r\n\n\t\nb"), ["a", "b"]);
        assert!(values("\n \n").is_empty());
    }

    #[test]
    fn lists_of_different_lengths_make_a_rectangle() {
        let lists = [
            ("风格".to_owned(), vec!["a,b".to_owned(), "c\"d".to_owned()]),
            ("x".to_owned(), vec!["1".to_owned()]),
        ];
        assert_eq!(csv(&lists), "\u{feff}风格,x\r\n\"a,b\",1\r\n\"c\"\"d\",\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(csv(&[("=1+1".to_owned(), vec![])]), "\u{feff}'=1+1\r\n");
    }
}
