//! Problems of CSV files.

use crate::problem::{Code, Problem};

/// UTF-8 as Excel writes it.
pub(crate) const UTF8_MARKED: &str = "UTF-8 with a byte-order mark";
/// UTF-16 known by its NULs.
pub(crate) const UTF16LE_UNMARKED: &str = "UTF-16LE without a byte-order mark";
pub(crate) const UTF16BE_UNMARKED: &str = "UTF-16BE without a byte-order mark";

pub(crate) fn empty() -> Problem {
    Problem::error(
        Code::CsvEmpty,
        "The file is empty. The first row must name the columns.",
        "文件是空的。第一行必须是列名。",
    )
}

pub(crate) fn too_large(bytes: usize, max: usize) -> Problem {
    Problem::error(
        Code::CsvTooLarge,
        format!("The file has {bytes} bytes; the limit is {max}."),
        format!("文件大小为 {bytes} 字节，最多允许 {max} 字节。"),
    )
}

fn in_chinese(encoding: &str) -> &str {
    match encoding {
        UTF8_MARKED => "带字节顺序标记（BOM）的 UTF-8",
        UTF16LE_UNMARKED => "不带字节顺序标记（BOM）的 UTF-16LE",
        UTF16BE_UNMARKED => "不带字节顺序标记（BOM）的 UTF-16BE",
        name => name,
    }
}

pub(crate) fn undecodable(row: usize, column: usize, encoding: &str) -> Problem {
    let short = encoding.split(' ').next().unwrap_or(encoding);
    Problem::error(
        Code::CsvUndecodable,
        format!(
            "Row {row}, column {column} holds bytes that are no text in {encoding}. Save the file \
             as UTF-8."
        ),
        format!("第 {row} 行第 {column} 列含有无法按 {short} 解读的字节。请将文件另存为 UTF-8。"),
    )
}

pub(crate) fn unclosed_quote(row: usize, column: usize) -> Problem {
    Problem::error(
        Code::CsvUnclosedQuote,
        format!("Row {row}, column {column} opens a quote that is never closed."),
        format!("第 {row} 行第 {column} 列的引号没有收尾。"),
    )
}

pub(crate) fn text_after_quote(row: usize, column: usize) -> Problem {
    Problem::error(
        Code::CsvTextAfterQuote,
        format!(
            "Row {row}, column {column} goes on after its closing quote. Write a quote within \
             quotes as two."
        ),
        format!("第 {row} 行第 {column} 列在收尾引号之后还有内容。引号内的引号请写两个。"),
    )
}

pub(crate) fn encoding(name: &str) -> Problem {
    let zh = in_chinese(name);
    Problem::notice(
        Code::CsvEncoding,
        format!("The file was read as {name}."),
        format!("文件按 {zh} 读取。"),
    )
}

pub(crate) fn separator(separator: char) -> Problem {
    let (en, zh) = match separator {
        '\t' => ("tabs", "制表符"),
        _ => ("semicolons", "分号"),
    };
    Problem::notice(
        Code::CsvSeparator,
        format!("The columns were read as separated by {en}."),
        format!("各列按{zh}分隔读取。"),
    )
}

pub(crate) fn blank_rows(rows: usize) -> Problem {
    Problem::notice(
        Code::CsvBlankRows,
        format!("{rows} row(s) without any content were left out."),
        format!("已略去 {rows} 个空行。"),
    )
}

pub(crate) fn fullwidth_separator() -> Problem {
    Problem::warning(
        Code::CsvFullwidthSeparator,
        "The header has full-width commas or semicolons, which do not separate columns; it was \
         read as one column. Use `,`, `;` or tabs.",
        "表头里是全角逗号或分号，它们不能分隔列，因此被当作一列。请使用半角 `,`、`;` 或制表符。",
    )
}
