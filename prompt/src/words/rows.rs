//! Problems of tables.

use super::{clip, listing};
use crate::problem::{Code, Problem};

pub(crate) fn missing_column<'a>(
    name: &str,
    columns: impl IntoIterator<Item = &'a str> + Clone,
) -> Problem {
    let (en, zh) = (listing(columns.clone(), ", "), listing(columns, "、"));
    Problem::error(
        Code::MissingColumn,
        format!("Neither a column nor a list gives `{{{name}}}`. The columns are: {en}."),
        format!("没有列或列表提供 `{{{name}}}` 的值。现有的列：{zh}。"),
    )
}

pub(crate) fn duplicate_column(name: &str, first: usize) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::DuplicateColumn,
        format!("The column \"{name}\" is already there as column {first}. Rename or delete one."),
        format!("列“{name}”与第 {first} 列重名。请改名或删去其一。"),
    )
}

pub(crate) fn empty_column_name(column: usize) -> Problem {
    Problem::error(
        Code::EmptyColumnName,
        format!("Column {column} has no name in the header row. Name it or delete it."),
        format!("第 {column} 列在表头中没有名称。请填写列名或删除该列。"),
    )
}

pub(crate) fn ragged_row(row: usize, cells: usize, columns: usize) -> Problem {
    let column = cells.min(columns) + 1;
    let (en, zh) = if cells < columns {
        (format!("column {column} is missing"), format!("缺少第 {column} 列"))
    } else {
        (format!("column {column} is one too many"), format!("第 {column} 列是多出来的"))
    };
    Problem::error(
        Code::RaggedRow,
        format!("Row {row} has {cells} cells where the header has {columns}: {en}."),
        format!("第 {row} 行有 {cells} 个单元格，而表头有 {columns} 个：{zh}。"),
    )
}

pub(crate) fn empty_rows() -> Problem {
    Problem::error(
        Code::EmptyRows,
        "The table has no rows under its header.",
        "表格在表头之下没有任何行。",
    )
}

pub(crate) fn duplicate_row(row: usize, first: usize) -> Problem {
    Problem::error(
        Code::DuplicateRow,
        format!("Row {row} says the same as row {first}. Delete one: nothing is paid twice."),
        format!("第 {row} 行与第 {first} 行完全相同。请删去其一，以免重复付费。"),
    )
}

pub(crate) fn too_many_rows(rows: usize, max: usize) -> Problem {
    Problem::error(
        Code::TooManyRows,
        format!("The table has {rows} rows; the limit is {max}."),
        format!("表格有 {rows} 行，最多允许 {max} 行。"),
    )
}

pub(crate) fn too_many_columns(columns: usize, max: usize) -> Problem {
    Problem::error(
        Code::TooManyColumns,
        format!("The table has {columns} columns; the limit is {max}."),
        format!("表格有 {columns} 列，最多允许 {max} 列。"),
    )
}

pub(crate) fn rows_repeat_prompt(row: usize, first: usize) -> Problem {
    Problem::warning(
        Code::RowsRepeatPrompt,
        format!(
            "Row {row} differs from row {first} only in columns the template does not use: the \
             same prompt will be made again."
        ),
        format!("第 {row} 行与第 {first} 行只在模板未用到的列上不同：同样的提示词会再生成一次。"),
    )
}
