//! Problems of lists, zip groups, takes, samples, and of what they make together.

use super::{clip, listing};
use crate::problem::{Code, Problem};

pub(crate) fn unknown_variable(name: &str, near: Option<&str>) -> Problem {
    let (en, zh) = match near {
        Some(near) => (
            format!(" Did you mean `{{{}}}`?", clip(near)),
            format!("是否想写 `{{{}}}`？", clip(near)),
        ),
        None => (
            " Add a list of that name, or write `\\{` for a plain brace.".to_owned(),
            "请添加同名列表；若只想要花括号本身，请写 `\\{`。".to_owned(),
        ),
    };
    Problem::error(
        Code::UnknownVariable,
        format!("`{{{name}}}` has no values.{en}"),
        format!("`{{{name}}}` 没有可用的值。{zh}"),
    )
}

pub(crate) fn invalid_list_name(name: &str) -> Problem {
    super::template::invalid_name(name)
}

pub(crate) fn empty_list(name: &str) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::EmptyList,
        format!("The list \"{name}\" is empty. Give it a value, or delete it."),
        format!("列表“{name}”是空的。请至少填一个值，或删除该列表。"),
    )
}

pub(crate) fn duplicate_list(name: &str) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::DuplicateList,
        format!("There are two lists named \"{name}\". Rename or merge them."),
        format!("有两个名为“{name}”的列表。请改名或合并。"),
    )
}

pub(crate) fn duplicate_value(value: &str, first: usize) -> Problem {
    let value = clip(value);
    Problem::error(
        Code::DuplicateValue,
        format!(
            "\"{value}\" is already there as number {first}. Delete one: nothing is paid twice."
        ),
        format!("“{value}”与第 {first} 个重复。请删去其一，以免重复付费。"),
    )
}

pub(crate) fn value_too_long(chars: usize, max: usize) -> Problem {
    Problem::error(
        Code::ValueTooLong,
        format!("This text has {chars} characters; the limit is {max}."),
        format!("此处文字共 {chars} 个字符，最多允许 {max} 个。"),
    )
}

pub(crate) fn too_many_values(name: &str, count: usize, max: usize) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::TooManyValues,
        format!("The list \"{name}\" has {count} values; the limit is {max}."),
        format!("列表“{name}”有 {count} 个值，最多允许 {max} 个。"),
    )
}

pub(crate) fn too_many_axes(count: usize, max: usize) -> Problem {
    Problem::error(
        Code::TooManyAxes,
        format!("There are {count} lists and groups; the limit is {max}."),
        format!("列表与可选组共 {count} 个，最多允许 {max} 个。"),
    )
}

pub(crate) fn takes_out_of_range(takes: u32, max: u32) -> Problem {
    Problem::error(
        Code::TakesOutOfRange,
        format!("{takes} takes of each combination were asked for; choose 1 to {max}."),
        format!("每个组合要重复 {takes} 次；请选择 1 到 {max} 次。"),
    )
}

pub(crate) fn zip_too_small() -> Problem {
    Problem::error(
        Code::ZipTooSmall,
        "A zip group needs at least two lists.",
        "并行组至少要有两个列表。",
    )
}

pub(crate) fn zip_unknown_list(name: &str) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::ZipUnknownList,
        format!("This zip group names \"{name}\", but there is no such list."),
        format!("并行组提到“{name}”，但没有这个列表。"),
    )
}

pub(crate) fn zip_unequal_lengths(lengths: &[(&str, usize)]) -> Problem {
    let shown: Vec<String> =
        lengths.iter().map(|(name, n)| format!("{} {n}", clip(name))).collect();
    Problem::error(
        Code::ZipUnequalLengths,
        format!(
            "The lists of a zip group must be equally long, and are not: {}.",
            shown.join(", ")
        ),
        format!("并行组中各列表的长度必须相同，现在是：{}。", shown.join("，")),
    )
}

pub(crate) fn bound_twice(name: &str) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::BoundTwice,
        format!("\"{name}\" gets its value from two places. Keep one list, zip group or column."),
        format!("“{name}”从两处取值。请只保留一个列表、并行组或列。"),
    )
}

pub(crate) fn space_overflow() -> Problem {
    Problem::error(
        Code::SpaceOverflow,
        "There are more combinations than can be counted (2 to the power of 128).",
        "组合数超过可计数的上限（2 的 128 次方）。",
    )
}

pub(crate) fn prompt_too_long(chars: usize, max: usize) -> Problem {
    Problem::error(
        Code::PromptTooLong,
        format!(
            "With the longest values a prompt could have {chars} characters; the limit is {max}."
        ),
        format!("取最长的值时，提示词可达 {chars} 个字符，最多允许 {max} 个。"),
    )
}

pub(crate) fn prompt_may_be_blank() -> Problem {
    Problem::error(
        Code::PromptMayBeBlank,
        "Some combination would be a video without any prompt. Add text outside the groups.",
        "某些组合的提示词会是空白。请在可选组之外加上文字。",
    )
}

pub(crate) fn sample_empty() -> Problem {
    Problem::error(
        Code::SampleEmpty,
        "The sample asks for 0 combinations. Ask for at least 1.",
        "抽样数量为 0。请至少抽取 1 个。",
    )
}

pub(crate) fn unknown_sample_algorithm(algorithm: u16, known: u16) -> Problem {
    Problem::error(
        Code::UnknownSampleAlgorithm,
        format!("Sample algorithm {algorithm} is not known here; the newest is {known}."),
        format!("不支持抽样算法 {algorithm}，当前最新为 {known}。"),
    )
}

pub(crate) fn pairwise_one_axis() -> Problem {
    Problem::error(
        Code::PairwiseOneAxis,
        "A pairwise sample needs two things that vary. Take all, the first or a random sample.",
        "两两组合抽样至少需要两个可变项。请改用全部、前 n 个或随机抽样。",
    )
}

pub(crate) fn pairwise_too_large(pairs: u128, max: usize) -> Problem {
    Problem::error(
        Code::PairwiseTooLarge,
        format!(
            "There are {pairs} pairs of values to show; the limit is {max}, and exclusions lower it. Take a random sample."
        ),
        format!("需要覆盖 {pairs} 对取值，上限为 {max}，有排除规则时更低。请改用随机抽样。"),
    )
}

pub(crate) fn unused_list(name: &str) -> Problem {
    let name = clip(name);
    Problem::notice(
        Code::UnusedList,
        format!("The template does not use the list \"{name}\", so it was left out."),
        format!("模板没有用到列表“{name}”，已略去。"),
    )
}

pub(crate) fn empty_value(name: &str) -> Problem {
    let name = clip(name);
    Problem::warning(
        Code::EmptyValue,
        format!("\"{name}\" has an empty value here; nothing will stand in its place."),
        format!("“{name}”在此处的值为空，对应位置将什么都没有。"),
    )
}

pub(crate) fn sample_covers_all(n: u64, left: u128) -> Problem {
    Problem::notice(
        Code::SampleCoversAll,
        format!("The sample asks for {n}, and there are {left}: all of them are taken."),
        format!("抽样要取 {n} 个，而总共只有 {left} 个，因此全部选取。"),
    )
}

pub(crate) fn unused_columns<'a>(names: impl IntoIterator<Item = &'a str> + Clone) -> Problem {
    let (en, zh) = (listing(names.clone(), ", "), listing(names, "、"));
    Problem::notice(
        Code::UnusedColumns,
        format!("The template does not use these columns; they are kept with each video: {en}."),
        format!("模板没有用到这些列，它们会随每个视频一并保留：{zh}。"),
    )
}

pub(crate) fn unused_rows() -> Problem {
    Problem::notice(
        Code::UnusedRows,
        "The template uses no column of the table, so its rows were left out.",
        "模板没有用到表格中的任何一列，已略去整个表格。",
    )
}
