//! A plain table for a terminal, columns as wide as they need; Chinese counts double.

/// Lines of text: first column to the left, all others to the right.
pub fn render(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|c| width(c)).max())
        .map(Option::unwrap_or_default)
        .collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, wide))| {
            let pad = " ".repeat(wide - width(cell));
            if column == 0 { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Two columns, both to the left: a name and what it is.
pub fn facts(rows: &[(&str, String)]) -> String {
    let wide = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let lines = rows
        .iter()
        .map(|(name, value)| format!("  {name}{}  {value}", " ".repeat(wide - width(name))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Columns a text takes in a terminal: East Asian wide characters take two.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3
        | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6
        | 0x2_0000..=0x3_fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_both_scripts() {
        let rows = [["step", "s"], ["灯塔", "12"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(render(&rows), "step   s\n灯塔  12");
        assert_eq!(facts(&[("a", "1".into()), ("价格", "2".into())]), "  a     1\n  价格  2");
    }
}
