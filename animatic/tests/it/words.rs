//! Every meaning is seen.

use std::collections::HashMap;

use animatic::{
    Aspect, Facet, Film, Fonts, Frame, Request, Term, TextBox, frames, frames_of_one_chance,
    vocabulary,
};

use crate::ssim::ssim_outside;
use crate::support::{fonts, request};

/// The smallest change of a picture, in mean steps of 255 in each channel, that a word may make
/// with chance held still. The weakest measured ones are in docs/decisions/0020-animatic.md.
const LEAST_CHANGE: f64 = 5.0;

/// A sentence that says nothing, and the frame to look at.
fn base(term: &Term) -> (&'static str, u32) {
    match term.facet {
        Facet::Place => ("zorblax", 28),
        // A camera word shows at the end of its move.
        Facet::Move => ("zorblax in a meadow", 44),
        _ => ("zorblax in a meadow", 28),
    }
}

/// What the word is compared with: the bare base.
fn without(term: &Term) -> (&'static str, u32) {
    let (text, n) = base(term);
    // Untold, every clip begins with a pan to the left: that word is held against its opposite.
    if term.en[0] == "pan left" { ("zorblax in a meadow pan right", n) } else { (text, n) }
}

/// A frame and where it is written on.
struct Shown(Frame, Vec<TextBox>);

fn shown(mut film: Film, n: u32) -> Shown {
    let boxes = film.text_boxes();
    Shown(film.frame(n), boxes)
}

fn square(prompt: &str) -> Request {
    Request { aspect: Aspect::Square, ..request(prompt) }
}

fn boxes(a: &Shown, b: &Shown) -> Vec<TextBox> {
    a.1.iter().chain(&b.1).copied().collect()
}

/// Mean difference of a channel, 0 … 255, outside of all text.
fn change(a: &Shown, b: &Shown) -> f64 {
    let (w, boxes) = (a.0.size().0, boxes(a, b));
    let (mut sum, mut count) = (0.0, 0.0);
    for (i, (p, q)) in a.0.rgb().chunks(3).zip(b.0.rgb().chunks(3)).enumerate() {
        let (x, y) = ((i % w) as i32, (i / w) as i32);
        let written = |b: &TextBox| x >= b.left && x < b.right && y >= b.top && y < b.bottom;
        if !boxes.iter().any(written) {
            sum += p.iter().zip(q).map(|(p, q)| f64::from(p.abs_diff(*q))).sum::<f64>();
            count += 3.0;
        }
    }
    sum / count
}

/// The base sentences, drawn once; as they are and with chance held still.
fn bases(fonts: &Fonts) -> HashMap<(&'static str, u32), [Shown; 2]> {
    let mut bases = HashMap::new();
    for (text, n) in vocabulary().map(|term| without(&term)) {
        bases.entry((text, n)).or_insert_with(|| {
            let request = square(text);
            [frames(&request, fonts), frames_of_one_chance(&request, fonts)]
                .map(|film| shown(film.unwrap(), n))
        });
    }
    bases
}

/// Applies `look` to every meaning, in four threads, and collects what it complains of.
fn complaints(look: impl Fn(&Term) -> Vec<String> + Sync) -> Vec<String> {
    let terms: Vec<Term> = vocabulary().collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|place| {
                let (terms, look) = (&terms, &look);
                scope.spawn(move || {
                    terms.iter().skip(place).step_by(4).flat_map(look).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// As people see it: a word that is understood also shuffles what is left to chance.
#[test]
fn every_meaning_makes_another_picture() {
    let fonts = fonts();
    let bases = bases(&fonts);
    let complaints = complaints(|term| {
        let (text, n) = base(term);
        let [plain, _] = &bases[&without(term)];
        let mut bad = Vec::new();
        for word in [term.en[0], term.zh[0]] {
            let with = shown(frames(&square(&format!("{text} {word}")), &fonts).unwrap(), n);
            let score = ssim_outside(&plain.0, &with.0, &boxes(plain, &with));
            if score >= 0.9 {
                bad.push(format!("{word}: {score:.3}"));
            }
        }
        bad
    });
    assert!(complaints.is_empty(), "{complaints:?}");
}

/// What the word does by itself. Colours are counted, because SSIM sees brightness alone: a pink
/// meadow is hardly another one to it.
#[test]
fn every_meaning_paints_something() {
    let fonts = fonts();
    let bases = bases(&fonts);
    let complaints = complaints(|term| {
        let (text, n) = base(term);
        let [_, plain] = &bases[&without(term)];
        let request = square(&format!("{text} {}", term.en[0]));
        let with = shown(frames_of_one_chance(&request, &fonts).unwrap(), n);
        let change = change(plain, &with);
        if change < LEAST_CHANGE { vec![format!("{}: {change:.1}", term.en[0])] } else { vec![] }
    });
    assert!(complaints.is_empty(), "{complaints:?}");
}

/// A word that means nothing paints nothing: otherwise the two tests above would prove little.
#[test]
fn no_meaning_paints_nothing() {
    let fonts = fonts();
    let draw = |text: &str| shown(frames(&square(text), &fonts).unwrap(), 28);
    let (plain, with) = (draw("zorblax in a meadow"), draw("zorblax in a meadow quux"));
    assert_eq!(change(&plain, &with), 0.0);
    assert!(ssim_outside(&plain.0, &with.0, &boxes(&plain, &with)) > 0.999);
}
