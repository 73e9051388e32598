//! What words do to a picture.

use animatic::{Frame, TextBox};

use crate::ssim::ssim;
use crate::support::{film, fonts, request, still};

/// Whether two frames differ outside of these boxes, inside of them.
fn differ(a: &Frame, b: &Frame, boxes: &[TextBox]) -> (bool, bool) {
    let (w, _) = a.size();
    let (mut outside, mut inside) = (false, false);
    for (i, (p, q)) in a.rgb().chunks(3).zip(b.rgb().chunks(3)).enumerate() {
        if p == q {
            continue;
        }
        let (x, y) = ((i % w) as i32, (i / w) as i32);
        // Chroma is shared by two pixels each way, so a box is as wide as its chroma.
        let within =
            |b: &TextBox| x >= b.left - 2 && x < b.right + 2 && y >= b.top - 2 && y < b.bottom + 2;
        if boxes.iter().any(within) { inside = true } else { outside = true }
    }
    (outside, inside)
}

fn compare(a: &str, b: &str, n: u32) -> (bool, bool) {
    let (mut a, mut b) = (film(&request(a)), film(&request(b)));
    let boxes: Vec<TextBox> = a.text_boxes().into_iter().chain(b.text_boxes()).collect();
    differ(&a.frame(n), &b.frame(n), &boxes)
}

#[test]
fn an_unknown_word_changes_only_the_text_area() {
    for (plain, with) in [
        ("a lighthouse by the sea", "a lighthouse zorblax by the sea"),
        ("水墨江上孤舟", "水墨江上孤舟甲乙"),
        ("storybook rabbit", "storybook rabbit quux"),
        ("comic robot", "comic robot quux"),
        ("poster of a castle", "poster of a castle quux"),
        ("pixel art dog", "pixel art dog quux"),
    ] {
        assert_eq!(compare(plain, with, 28), (false, true), "{plain}");
    }
    let mut long = request("a lighthouse by the sea");
    long.seconds = 4;
    let mut other = long.clone();
    other.prompt = "a lighthouse by the sea zorblax".into();
    let (mut a, mut b) = (film(&long), film(&other));
    let boxes: Vec<TextBox> = a.text_boxes().into_iter().chain(b.text_boxes()).collect();
    assert_eq!(differ(&a.frame(80), &b.frame(80), &boxes), (false, true), "the subtitle");
}

#[test]
fn one_chinese_character_is_seen() {
    for (a, b) in [("王小明的店", "王小朋的店"), ("己", "已"), ("戊戌年", "戌戊年")]
    {
        assert_eq!(compare(a, b, 28), (false, true), "{a} {b}");
    }
}

/// The mark stands in the upper right corner, and the picture is the same everywhere else.
#[test]
fn a_watermark_is_in_its_corner_alone() {
    for style in ["", "noir ", "watercolor ", "水墨 ", "comic ", "vintage ", "pixel art "] {
        for aspect in ["16:9", "9:16", "1:1"] {
            let mut with = request(&format!("{style}lighthouse by the sea"));
            (with.aspect, with.watermark) = (aspect.parse().unwrap(), true);
            let mut without = with.clone();
            without.watermark = false;
            let (w, h) = with.size();
            let short = w.min(h) as i32;
            let corner = TextBox {
                left: w as i32 - short * 7 / 10,
                top: 0,
                right: w as i32,
                bottom: short * 14 / 100,
            };
            let differ = differ(&film(&with).frame(28), &film(&without).frame(28), &[corner]);
            assert_eq!(differ, (false, true), "{style}{aspect}: outside, inside");
        }
    }
}

#[test]
fn no_glyph_is_missing() {
    let fonts = fonts();
    for c in "，。！？；：「」《》（）龍龜鬱麗灣·…—←→↑↓':%{}\\;[]()<>|&$#@!~^*+=_\"`".chars()
    {
        assert!(fonts.covers(c), "{c}");
    }
    // What no font has leaves a mark of its own, and each looks the same.
    let mark = |text: &str| film(&request(text)).frame(28);
    assert_eq!(mark("店🦊").rgb(), mark("店🚀").rgb());
    assert_ne!(mark("店🦊").rgb(), mark("店").rgb());
}

/// Characters that would mean something to a filter or a shell are drawn like any other.
#[test]
fn filter_characters_are_drawn_as_they_are() {
    let text = r"':%{pts}\;[in]";
    for (i, c) in text.char_indices() {
        // Exchanged for a neighbour of the same kind, the frame changes: so each one is there.
        let mut other = text.to_owned();
        other.replace_range(i..i + c.len_utf8(), if c == 'x' { "y" } else { "x" });
        assert_eq!(compare(text, &other, 28), (false, true), "{c}");
    }
    // And nothing of it was read as a request for something else.
    assert!(ssim(&still(text), &still("zorblax")) > 0.9);
}

#[test]
fn the_title_stays_inside_the_frame() {
    let long = "在一个非常非常遥远的地方，有一座被所有人遗忘的灯塔，每当夜幕降临，它依然会为迷路的船只亮起温暖的光芒，年复一年，从未熄灭";
    let latin = "A remarkably long and winding sentence about a lighthouse that nobody remembers but that still shines every single night for lost ships and their tired crews";
    let mut count = 0;
    for style in [
        "",
        "film noir ",
        "watercolor ",
        "水墨 ",
        "comic ",
        "storybook ",
        "vintage ",
        "poster ",
        "pixel art ",
    ] {
        for prompt in [long, latin, "W", "🦊🦊🦊", "一", &"长".repeat(600)] {
            // Each pair of style and prompt in one shape: every shape meets every style.
            count += 1;
            for aspect in [["16:9", "9:16", "1:1"][count % 3]] {
                let mut request = request(&format!("{style}{prompt}"));
                request.aspect = aspect.parse().unwrap();
                request.values = vec![("地点".into(), "海".repeat(80)), ("a".into(), "b".into())];
                let (w, h) = request.size();
                for b in film(&request).text_boxes() {
                    // Halos and bands may lean over the edge a little; text may not.
                    let inside = b.left >= -24
                        && b.top >= -24
                        && b.right <= w as i32 + 24
                        && b.bottom <= h as i32 + 24;
                    assert!(inside, "{style} {aspect} {prompt:.20}: {b:?} in {w}x{h}");
                }
            }
        }
    }
}

#[test]
fn values_are_shown() {
    let mut with = request("a cup of coffee");
    with.values = vec![("name".into(), "甲".into())];
    let mut other = with.clone();
    other.values = vec![("name".into(), "乙".into())];
    let (mut a, mut b) = (film(&with), film(&other));
    let boxes: Vec<TextBox> = a.text_boxes().into_iter().chain(b.text_boxes()).collect();
    assert_eq!(differ(&a.frame(28), &b.frame(28), &boxes), (false, true));
}
