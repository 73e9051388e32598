//! Problems of the template text.

use super::clip;
use crate::problem::{Code, Problem};

pub(crate) fn empty_template() -> Problem {
    Problem::error(
        Code::EmptyTemplate,
        "The template is empty. Write what the video should show.",
        "模板为空。请写下视频要呈现的内容。",
    )
}

pub(crate) fn template_too_long(chars: usize, max: usize) -> Problem {
    Problem::error(
        Code::TemplateTooLong,
        format!("The template has {chars} characters; the limit is {max}."),
        format!("模板共 {chars} 个字符，最多允许 {max} 个。"),
    )
}

pub(crate) fn control_character(c: char) -> Problem {
    let code = u32::from(c);
    Problem::error(
        Code::ControlCharacter,
        format!("A control character (U+{code:04X}) is hidden here. Delete it."),
        format!("此处有一个不可见的控制字符（U+{code:04X}），请删除。"),
    )
}

pub(crate) fn unclosed_brace() -> Problem {
    Problem::error(
        Code::UnclosedBrace,
        "This `{` is never closed. Add `}`, or write `\\{` for a plain brace.",
        "这个 `{` 没有对应的 `}`。请补上 `}`；若只想要花括号本身，请写 `\\{`。",
    )
}

pub(crate) fn stray_closing_brace() -> Problem {
    Problem::error(
        Code::StrayClosingBrace,
        "This `}` closes nothing. Delete it, or write `\\}` for a plain brace.",
        "这个 `}` 前面没有对应的 `{`。请删除；若只想要花括号本身，请写 `\\}`。",
    )
}

pub(crate) fn empty_braces() -> Problem {
    Problem::error(
        Code::EmptyBraces,
        "There is nothing between these braces. Write a name, `{style}`, or options, `{a|b}`.",
        "花括号里是空的。请写变量名 `{style}`，或可选项 `{a|b}`。",
    )
}

pub(crate) fn invalid_name(text: &str) -> Problem {
    let text = clip(text);
    Problem::error(
        Code::InvalidName,
        format!(
            "\"{text}\" cannot be a name: use up to 64 letters, digits, `_` and `-`, not \
             beginning with a digit. For options write `{{a|b}}`; for plain braces `\\{{` and `\\}}`."
        ),
        format!(
            "“{text}”不能用作名称：只能用字母（含汉字）、数字、`_`、`-`，不能以数字开头，最多 64 \
             个字符。可选项请写 `{{a|b}}`；只想要花括号本身请写 `\\{{` 和 `\\}}`。"
        ),
    )
}

pub(crate) fn reserved_name(name: &str) -> Problem {
    Problem::error(
        Code::ReservedName,
        format!("The name `{name}` belongs to the repeats of a combination. Use another name."),
        format!("名称 `{name}` 已用于表示每个组合的重复次数，请换一个名称。"),
    )
}

pub(crate) fn comma_group(text: &str) -> Problem {
    let (text, piped) = (clip(text), clip(&with_pipes(text)));
    Problem::error(
        Code::CommaGroup,
        format!("`{{{text}}}` has commas but no `|`. For options write `{{{piped}}}`."),
        format!("`{{{text}}}` 里有逗号却没有 `|`。若要列出可选项，请写 `{{{piped}}}`。"),
    )
}

fn with_pipes(text: &str) -> String {
    let options: Vec<&str> = text.split([',', '，', '、']).map(str::trim).collect();
    options.join("|")
}

pub(crate) fn unclosed_alias() -> Problem {
    Problem::error(
        Code::UnclosedAlias,
        "`__` opens a list name but none is closed by `__`. Write `__name__`, or `\\_\\_` for \
         plain underscores.",
        "`__` 表示列表名的开头，却没有用 `__` 收尾。请写 `__名称__`；若只想要下划线，请写 `\\_\\_`。",
    )
}

pub(crate) fn dollar_brace() -> Problem {
    Problem::error(
        Code::DollarBrace,
        "`${…}` is not of this language. A variable is written `{name}` and is bound once per \
         video; for a dollar sign before braces write `\\$`.",
        "这里不支持 `${…}`。变量请写 `{名称}`，每个视频只取一次值；若花括号前要有美元符号，请写 `\\$`。",
    )
}

pub(crate) fn count_malformed() -> Problem {
    Problem::error(
        Code::CountMalformed,
        "`$$` must follow a count at the very start of a group, as in `{2$$a|b|c}` or \
         `{1-2$$ and $$a|b|c}`. For plain dollar signs write `\\$\\$`.",
        "`$$` 只能紧跟在组首的数量之后，如 `{2$$a|b|c}` 或 `{1-2$$、$$a|b|c}`。若只想要美元符号，请写 `\\$\\$`。",
    )
}

pub(crate) fn count_out_of_range(options: usize) -> Problem {
    Problem::error(
        Code::CountOutOfRange,
        format!(
            "This group has {options} option(s), and the count asks for something else. Use counts \
             from 1 to {options}, smaller first (a list or variable is one option: write its \
             values out)."
        ),
        format!(
            "这一组有 {options} 个可选项，数量与之不符。请用 1 到 {options} \
             之间的数量，小的在前（列表或变量只算一个可选项，请把值逐一写出）。"
        ),
    )
}

pub(crate) fn duplicate_variant(text: &str) -> Problem {
    let text = clip(text);
    Problem::error(
        Code::DuplicateVariant,
        format!("\"{text}\" can be read twice in this group. Delete one: nothing is paid twice."),
        format!("“{text}”在这一组里会出现两次。请删去其一，以免重复付费。"),
    )
}

pub(crate) fn too_many_variants(max: usize) -> Problem {
    Problem::error(
        Code::TooManyVariants,
        format!(
            "The options of this group can be read in more than {max} ways. Use a value list, or \
             take the inner groups out."
        ),
        format!("这一组的可选项展开后超过 {max} 种。请改用值列表，或把内层的组移到外面。"),
    )
}

pub(crate) fn too_deep(max: usize) -> Problem {
    Problem::error(
        Code::TooDeep,
        format!("Groups may stand within groups {max} deep; this one is deeper."),
        format!("组最多嵌套 {max} 层，这里超过了。"),
    )
}

pub(crate) fn weight_ignored(weight: &str) -> Problem {
    Problem::notice(
        Code::WeightIgnored,
        format!("The weight `{weight}::` was left out: every option is made equally often."),
        format!("权重 `{weight}::` 已略去：每个可选项都会同样生成。"),
    )
}

pub(crate) fn sampler_kept(sign: char) -> Problem {
    Problem::warning(
        Code::SamplerKept,
        format!("`{sign}` at the start of a group is kept as text; it does not choose a sampler."),
        format!("组首的 `{sign}` 会作为普通文字保留，并不表示采样方式。"),
    )
}

pub(crate) fn variable_not_always_used(name: &str) -> Problem {
    Problem::warning(
        Code::VariableNotAlwaysUsed,
        format!(
            "`{{{name}}}` stands only in some options, so the prompts without it repeat for every \
             value. Exclude those combinations, or use it outside the group too."
        ),
        format!(
            "`{{{name}}}` 只出现在部分可选项里，因此不含它的提示词会按每个值各重复一次。请排除这些组合，或在组外也使用它。"
        ),
    )
}
