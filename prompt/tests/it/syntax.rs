//! The grammar, example by example.

use prompt::{AxisKind, Code, Limits, Selection, compile, expand, parse};

use crate::give::{codes, list, lists, rows, strings};

fn prompts(text: &str, selection: &Selection) -> Vec<String> {
    let made = expand(text, selection, &Limits::default()).unwrap();
    made.iter_from(0).map(|c| c.prompt).collect()
}

fn alone(text: &str) -> Vec<String> {
    prompts(text, &Selection::default())
}

fn refused(text: &str) -> Vec<Code> {
    codes(&parse(text).unwrap_err())
}

#[test]
fn a_variable_is_bound_once_however_it_is_written() {
    let selection = lists(&[("s", &["x", "y"])]);
    for text in ["{s} {s}", "{{s}} __s__", "{ s } {{ s }}", "｛s｝ {s｝", "__s__ ｛｛s}}"] {
        assert_eq!(prompts(text, &selection), ["x x", "y y"], "{text}");
    }
    let template = parse("{b} {a} {{b}}").unwrap();
    let names: Vec<&str> = template.variables().iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(template.variables()[0].spans.len(), 2);
    assert_eq!(template.variables()[0].spans[1].start, 8);
    assert_eq!(template.variables()[0].spans[1].end, 13);
}

#[test]
fn variants_mean_what_they_mean_in_sd_dynamic_prompts() {
    assert_eq!(alone("{a|b} {c|d}"), ["a c", "a d", "b c", "b d"]);
    assert_eq!(alone("{2$$a|b|c}"), ["a,b", "a,c", "b,a", "b,c", "c,a", "c,b"]);
    assert_eq!(alone("{2$$ and $$a|b}"), ["a and b", "b and a"]);
    assert_eq!(alone("{1-2$$a|b}"), ["a", "b", "a,b", "b,a"]);
    assert_eq!(alone("{-2$$a|b}"), alone("{1-2$$a|b}"));
    assert_eq!(alone("{1-$$a|b}"), alone("{1-2$$a|b}"));
    assert_eq!(alone("x{0-1$$a|b}"), ["x", "xa", "xb"]);
    assert_eq!(alone("x{a|}"), ["xa", "x"]);
    assert_eq!(alone("{2$$|$$a|b}"), ["a|b", "b|a"]);
    assert_eq!(alone("{a|b {c|d}}"), ["a", "b c", "b d"]);
    assert_eq!(alone("{{a|b}|c}"), ["a", "b", "c"]);
    assert_eq!(alone("{{a|b}}"), ["a", "b"]);
    assert_eq!(alone("{ a | b }"), ["a ", "b "]);
    assert_eq!(alone("{2$$a||b}")[..2], ["a", "a,b"]);
    assert_eq!(alone("{2::a|0.5::b}"), ["a", "b"]);
}

#[test]
fn a_prompt_that_dissolves_with_its_separators_is_refused() {
    let x = lists(&[("x", &["a", "b"])]);
    for text in ["{2$$a$$a|}", "{1-2$$a$$b|a|}", "{2$$, $$,|}", "{2$$a$${x}|}", "{0-1$$a|b}"] {
        let selection = if text.contains("{x}") { x.clone() } else { Selection::default() };
        let refusal = expand(text, &selection, &Limits::default());
        assert_eq!(codes(&refusal.expect_err(text)), [Code::PromptMayBeBlank], "{text}");
    }
    // Alone, an option loses nothing; in company, what is no separator stays.
    assert_eq!(alone("{,|-}"), [",", "-"]);
    assert_eq!(alone("{2$$, $$b|}"), ["b", "b"]);
    assert_eq!(alone("x{2$$a$$a|}"), ["x", "x"]);
    assert_eq!(prompts("{2$$, $${x}|}", &x), ["a", "b", "a", "b"]);
}

#[test]
fn full_width_signs_are_signs_and_stay_as_written_where_they_are_text() {
    assert_eq!(alone("｛红｜蓝｝猫"), ["红猫", "蓝猫"]);
    assert_eq!(alone("｛2＄＄、$$红｜蓝}"), ["红、蓝", "蓝、红"]);
    assert_eq!(alone("a｜b ＄5 ％"), ["a｜b ＄5 ％"]);
    assert_eq!(alone("\\｛a\\｝"), ["｛a｝"]);
    let problem = parse("水｝").unwrap_err().remove(0);
    assert_eq!(problem.span.map(|s| (s.start, s.end, s.column)), Some((3, 6, 2)));
}

#[test]
fn escapes_and_signs_that_need_none() {
    assert_eq!(alone(r"\{a\} \| \_\_b\_\_ \\ \$"), [r"{a} | __b__ \ $"]);
    assert_eq!(alone(r"a|b $5 $$ snake_case ____ __ \n"), [r"a|b $5 $$ snake_case ____ __ \n"]);
    assert_eq!(alone(r"{a\|b|c\}}"), ["a|b", "c}"]);
    assert_eq!(alone(r"{$5|€5}"), ["$5", "€5"]);
}

#[test]
fn habits_of_other_languages_are_refused_with_their_own_code() {
    assert_eq!(refused("{red, green} cat"), [Code::CommaGroup]);
    assert_eq!(refused("{红，绿}"), [Code::CommaGroup]);
    assert_eq!(refused("${s={x|y}} ${s}"), [Code::DollarBrace, Code::DollarBrace]);
    assert_eq!(refused("{a shot of {b}}"), [Code::InvalidName]);
    assert_eq!(refused("{a shot of {b, c}}"), [Code::CommaGroup]);
    assert_eq!(refused("__dir/name__"), [Code::InvalidName]);
    assert_eq!(refused("__style"), [Code::UnclosedAlias]);
    assert_eq!(refused("{\"json\": 1}"), [Code::InvalidName]);
    assert_eq!(refused("{3$$a|b}"), [Code::CountOutOfRange]);
    assert_eq!(refused("{2$$__colour__}"), [Code::CountOutOfRange]);
    assert_eq!(refused("{0$$a|b}"), [Code::CountOutOfRange]);
    assert_eq!(refused("{2-1$$a|b}"), [Code::CountOutOfRange]);
    assert_eq!(refused("{$$a|b}"), [Code::CountMalformed]);
    assert_eq!(refused("{two$$a|b}"), [Code::CountMalformed]);
    assert_eq!(refused("{take}"), [Code::ReservedName]);
}

#[test]
fn several_problems_are_found_in_one_reading() {
    assert_eq!(
        refused("{a, b} } {} {1x} {x|x} {a|{b"),
        [
            Code::CommaGroup,
            Code::StrayClosingBrace,
            Code::EmptyBraces,
            Code::InvalidName,
            Code::DuplicateVariant,
            Code::UnclosedBrace,
            Code::UnclosedBrace,
        ]
    );
}

#[test]
fn readings_that_repeat_are_found_through_nesting() {
    assert_eq!(refused("{a|{b|a}}"), [Code::DuplicateVariant]);
    assert_eq!(refused("{a {x|y}|b|a y}"), [Code::DuplicateVariant]);
    assert_eq!(refused("{{s}|{{s}}}"), [Code::DuplicateVariant]);
    assert_eq!(refused("{a||}"), [Code::DuplicateVariant]);
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth: usize| "{a|".repeat(depth) + "b" + &"}".repeat(depth);
    assert_eq!(refused(&nested(9)), [Code::TooDeep]);
    assert!(parse("{a|{b|{c|{d|{e|{f|{g|{h|i}}}}}}}}").is_ok());
    assert_eq!(refused(&nested(2_000)), [Code::TooDeep]);
}

#[test]
fn values_are_never_read_as_template_text() {
    let selection = lists(&[("s", &["{s} {a|b} __s__ \\{ $$"])]);
    assert_eq!(prompts("{s}", &selection), ["{s} {a|b} __s__ \\{ $$"]);
}

#[test]
fn axes_stand_in_order_of_first_appearance_and_the_last_is_fastest() {
    let mut selection = lists(&[
        ("a", &["a1", "a2"]),
        ("b", &["b1", "b2"]),
        ("c", &["c1", "c2"]),
        ("d", &["d1", "d2"]),
    ]);
    selection.zip = vec![strings(&["d", "b"])];
    selection.takes = 2;
    let made = expand("{c} {b} {x|y {a}} {d}", &selection, &Limits::default()).unwrap();
    let axes: Vec<(&str, AxisKind)> =
        made.axes().iter().map(|a| (a.name.as_str(), a.kind)).collect();
    assert_eq!(
        axes,
        [
            ("c", AxisKind::List),
            ("d+b", AxisKind::Zip),
            ("#1", AxisKind::Variants),
            ("a", AxisKind::List),
            ("take", AxisKind::Take),
        ]
    );
    assert_eq!(made.formula(), "2 c × 2 d+b × 2 #1 × 2 a × 2 take = 32");
    let take: Vec<u32> = made.iter_from(0).take(3).map(|c| c.take).collect();
    assert_eq!(take, [1, 2, 1]);
    assert_eq!(made.nth(13).unwrap().prompt, "c1 b2 y a1 d2");
}

#[test]
fn rows_are_one_axis_and_keep_their_other_columns() {
    let mut selection =
        rows(&["sku", "name", "side"], &[&["1", "cup", "left"], &["2", "jar", "right"]]);
    selection.lists = vec![list("style", &["noir", "水墨"])];
    let made = expand("{side}: {name} in {style}", &selection, &Limits::default()).unwrap();
    assert_eq!(made.formula(), "2 row × 2 style = 4");
    let last = made.nth(3).unwrap();
    assert_eq!(last.prompt, "right: jar in 水墨");
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        last.values,
        [pair("sku", "2"), pair("name", "jar"), pair("side", "right"), pair("style", "水墨")]
    );
    assert_eq!(codes(made.notices()), [Code::UnusedColumns]);
}

#[test]
fn exclusions_name_lists_columns_zips_groups_and_takes() {
    let count = |text: &str, exclude: &[&str]| {
        let mut selection =
            lists(&[("s", &["x", "y & z"]), ("a", &["1", "2"]), ("b", &["3", "4"])]);
        selection.zip = vec![strings(&["a", "b"])];
        selection.takes = 3;
        selection.exclude = strings(exclude);
        expand(text, &selection, &Limits::default()).map(|made| made.formula())
    };
    let text = "{s} {a} {b} {p|q {s}}";
    assert_eq!(count(text, &["s=x"]).unwrap(), "2 s × 2 a+b × 2 #1 × 3 take = 24 − 12 = 12");
    assert!(count(text, &["s=\"y & z\" & b＝4"]).unwrap().ends_with("− 6 = 18"));
    assert!(count(text, &["#1=p", "take=2"]).unwrap().ends_with("− 16 = 8"));
    assert!(count(text, &["#1=q {s}"]).unwrap().ends_with("− 12 = 12"));
    assert!(count(text, &["a=1 & b=3 & s=x"]).unwrap().ends_with("− 6 = 18"));
    let nothing = count(text, &["s=x", "s=\"y & z\""]).unwrap_err();
    assert_eq!(codes(&nothing), [Code::EverythingExcluded]);
}

#[test]
fn a_template_without_variables_is_one_video_or_its_takes() {
    assert_eq!(alone("a cat"), ["a cat"]);
    let made = expand("a cat", &Selection::default(), &Limits::default()).unwrap();
    assert_eq!(made.formula(), "1");
    let takes = Selection { takes: 3, ..Selection::default() };
    let made = expand("a cat", &takes, &Limits::default()).unwrap();
    assert_eq!(made.formula(), "3 take = 3");
    assert_eq!(made.nth(2).unwrap().take, 3);
}

#[test]
fn a_slip_in_a_name_is_recognised() {
    let template = parse("{stlye}").unwrap();
    let selection = lists(&[("style", &["a"])]);
    let problems = compile(&template, &selection, &Limits::default()).unwrap_err();
    assert_eq!(codes(&problems), [Code::UnknownVariable]);
    assert!(problems[0].en.contains("`{style}`") && problems[0].zh.contains("`{style}`"));
    assert_eq!(problems[0].span.map(|s| (s.start, s.end)), Some((0, 7)));
}
