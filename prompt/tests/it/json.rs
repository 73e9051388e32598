//! The JSON forms: stored with every batch, so they never change.

use prompt::{Limits, Place, SAMPLE_ALGORITHM, Sample, Selection, expand, parse};
use serde_json::json;

use crate::give::{list, strings, table};

#[test]
fn a_selection_keeps_its_form() {
    let selection = Selection {
        lists: vec![list("style", &["noir", "水墨"])],
        zip: vec![strings(&["a", "b"])],
        rows: Some(table(&["sku", "name"], &[&["1", "cup"]])),
        exclude: strings(&["style=noir"]),
        takes: 2,
        sample: Sample::Random { n: 5, seed: 7, algorithm: SAMPLE_ALGORITHM },
    };
    let form = json!({
        "lists": [{"name": "style", "values": ["noir", "水墨"]}],
        "zip": [["a", "b"]],
        "rows": {"columns": ["sku", "name"], "rows": [["1", "cup"]]},
        "exclude": ["style=noir"],
        "takes": 2,
        "sample": {"kind": "random", "n": 5, "seed": 7, "algorithm": 1},
    });
    assert_eq!(serde_json::to_value(&selection).unwrap(), form);
    assert_eq!(serde_json::from_value::<Selection>(form).unwrap(), selection);
}

#[test]
fn what_is_left_out_has_its_default_and_what_is_misspelt_is_refused() {
    let empty: Selection = serde_json::from_str("{}").unwrap();
    assert_eq!(empty, Selection::default());
    assert_eq!(empty.takes, 1);
    assert!(serde_json::from_str::<Selection>(r#"{"excludes": ["a=b"]}"#).is_err());
    let first: Sample = serde_json::from_str(r#"{"kind": "first", "n": 3}"#).unwrap();
    assert_eq!(first, Sample::First { n: 3 });
}

#[test]
fn a_combination_and_an_axis_write_large_numbers_as_text() {
    let selection = Selection { lists: vec![list("s", &["x", "y"])], ..Selection::default() };
    let made = expand("{s} {a|b}", &selection, &Limits::default()).unwrap();
    let combination = made.nth(3).unwrap();
    let form = json!({
        "index": "3",
        "ordinal": "3",
        "prompt": "y b",
        "values": [["s", "y"], ["#1", "b"]],
        "take": 1,
    });
    assert_eq!(serde_json::to_value(&combination).unwrap(), form);
    assert_eq!(serde_json::from_value::<prompt::Combination>(form).unwrap(), combination);
    assert_eq!(
        serde_json::to_value(made.axes()).unwrap(),
        json!([
            {"name": "s", "kind": "list", "members": ["s"], "len": "2"},
            {"name": "#1", "kind": "variants", "members": ["#1"], "len": "2"},
        ])
    );
}

#[test]
fn a_problem_says_code_severity_span_and_words() {
    let problem = parse("水\u{1F3AC}\n a}").unwrap_err().remove(0);
    let form = serde_json::to_value(&problem).unwrap();
    assert_eq!(form["code"], "STRAY_CLOSING_BRACE");
    assert_eq!(form["severity"], "error");
    assert_eq!(
        form["span"],
        json!({"start": 10, "end": 11, "line": 2, "column": 3, "utf16Start": 6, "utf16End": 7})
    );
    assert_eq!(form["place"], json!(null));
    assert_eq!(serde_json::from_value::<prompt::Problem>(form).unwrap(), problem);
    let place = Place::Rows { row: Some(3), column: Some(2), name: None };
    assert_eq!(
        serde_json::to_value(place).unwrap(),
        json!({"kind": "rows", "row": 3, "column": 2, "name": null})
    );
}

#[test]
fn limits_take_what_is_given_and_default_the_rest() {
    let limits: Limits = serde_json::from_str(r#"{"maxAxes": 3}"#).unwrap();
    assert_eq!(limits, Limits { max_axes: 3, ..Limits::default() });
}
