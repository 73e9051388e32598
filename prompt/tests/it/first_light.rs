//! The shortest true path: text and values in, prompts out.

use prompt::{Limits, Selection, ValueList, expand};

#[test]
fn a_template_and_two_lists_make_their_product() {
    let list = |name: &str, values: &[&str]| ValueList {
        name: name.into(),
        values: values.iter().map(|v| (*v).into()).collect(),
    };
    let selection = Selection {
        lists: vec![list("style", &["noir", "水墨"]), list("scene", &["beach", "a {b}"])],
        ..Selection::default()
    };
    let made = expand("{scene} in {style}, {style}!", &selection, &Limits::default()).unwrap();
    assert_eq!(made.formula(), "2 scene × 2 style = 4");
    let prompts: Vec<String> = made.iter_from(0).map(|c| c.prompt).collect();
    assert_eq!(
        prompts,
        [
            "beach in noir, noir!",
            "beach in 水墨, 水墨!",
            "a {b} in noir, noir!",
            "a {b} in 水墨, 水墨!"
        ]
    );
}
