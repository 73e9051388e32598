//! Problems of exclusions.

use super::{clip, listing};
use crate::problem::{Code, Problem};

pub(crate) fn syntax() -> Problem {
    Problem::error(
        Code::ExclusionSyntax,
        "An exclusion reads `style=noir & scene=beach`. Put a value that holds `&`, `=` or quotes \
         between double quotes.",
        "排除规则的写法是 `style=noir & scene=beach`。值里若有 `&`、`=` 或引号，请用双引号括起来。",
    )
}

pub(crate) fn unknown_axis<'a>(
    name: &str,
    axes: impl IntoIterator<Item = &'a str> + Clone,
) -> Problem {
    let (name, en, zh) = (clip(name), listing(axes.clone(), ", "), listing(axes, "、"));
    Problem::error(
        Code::ExclusionUnknownAxis,
        format!("This exclusion names \"{name}\", which varies nowhere. What varies: {en}."),
        format!("排除规则提到“{name}”，但没有这个变量。可用的有：{zh}。"),
    )
}

pub(crate) fn unknown_value(name: &str, value: &str) -> Problem {
    let (name, value) = (clip(name), clip(value));
    Problem::error(
        Code::ExclusionUnknownValue,
        format!("This exclusion names the value \"{value}\", which \"{name}\" does not have."),
        format!("排除规则提到值“{value}”，但“{name}”没有这个值。"),
    )
}

pub(crate) fn contradicts(name: &str) -> Problem {
    let name = clip(name);
    Problem::error(
        Code::ExclusionContradicts,
        format!(
            "This exclusion gives \"{name}\" two values at once, which never happens. Write two \
             exclusions."
        ),
        format!("这条排除规则让“{name}”同时取两个值，不可能成立。请拆成两条。"),
    )
}

pub(crate) fn axis_too_large(name: &str, max: usize) -> Problem {
    Problem::error(
        Code::ExclusionAxisTooLarge,
        format!("\"{name}\" has more than {max} readings, too many to look one up by its text."),
        format!("“{name}”的展开超过 {max} 种，无法按文字查找。"),
    )
}

pub(crate) fn too_many(count: usize, max: usize) -> Problem {
    Problem::error(
        Code::TooManyExclusions,
        format!("There are {count} exclusions; the limit is {max}."),
        format!("共有 {count} 条排除规则，最多允许 {max} 条。"),
    )
}

pub(crate) fn too_complex(rule: usize, max: usize) -> Problem {
    Problem::error(
        Code::ExclusionsTooComplex,
        format!(
            "With exclusion {rule} the rules become too entangled to count exactly ({max} nodes). \
             Delete it, or name fewer variables in each."
        ),
        format!(
            "加上第 {rule} 条排除规则后，规则过于复杂，无法精确计数（上限 {max} \
             个节点）。请删除它，或减少每条规则涉及的变量。"
        ),
    )
}

pub(crate) fn everything_excluded() -> Problem {
    Problem::error(
        Code::EverythingExcluded,
        "The exclusions leave nothing to make.",
        "排除规则把所有组合都排除了。",
    )
}

pub(crate) fn matches_nothing() -> Problem {
    Problem::warning(
        Code::ExclusionMatchesNothing,
        "No combination meets this exclusion, so it excludes nothing.",
        "没有任何组合符合这条排除规则，它不起作用。",
    )
}
