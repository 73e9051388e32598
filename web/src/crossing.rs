//! What is said in a corner while one goes over to the other program, as text that waits there.
//!
//! Everything else that lives in memory is asked for again or is kept on the device anyway.

/// One notice: its words, and whether something went wrong.
pub type Said = (String, bool);

/// Notices as lines.
#[must_use]
pub fn write(all: &[Said]) -> String {
    let line = |(text, bad): &Said| {
        let mark = if *bad { '!' } else { ' ' };
        format!("{mark}{}\n", text.replace(['\n', '\r'], " "))
    };
    all.iter().map(line).collect()
}

/// Notices from lines.
#[must_use]
pub fn read(lines: &str) -> Vec<Said> {
    let said = |line: &str| {
        let (mark, text) = line.split_at_checked(1)?;
        (!text.is_empty()).then(|| (text.to_owned(), mark == "!"))
    };
    lines.lines().filter_map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_arrive_as_they_were_said() {
        let all = vec![("欢迎加入“工作室”".to_owned(), false), ("no".to_owned(), true)];
        assert_eq!(read(&write(&all)), all);
        assert_eq!(
            read(&write(&[("two\nlines".to_owned(), false)])),
            [("two lines".to_owned(), false)]
        );
    }

    #[test]
    fn what_is_not_ours_is_passed_over() {
        assert_eq!(read(""), []);
        assert_eq!(read("\n \n界\n"), []);
    }
}
