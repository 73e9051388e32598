//! Styles, formats and seeds.

use animatic::{Frame, Resolution};

use crate::ssim::ssim;
use crate::support::{film, request, still};

const STYLES: [&str; 13] = [
    "cinematic",
    "noir",
    "watercolor",
    "ink wash",
    "neon",
    "papercut",
    "vintage",
    "poster",
    "studio product",
    "storybook",
    "pixel art",
    "comic",
    "minimalist",
];

#[test]
fn every_style_looks_different() {
    for subject in ["a fox in the mountains", "咖啡杯"] {
        let stills: Vec<Frame> = STYLES.iter().map(|s| still(&format!("{s} {subject}"))).collect();
        for (i, a) in stills.iter().enumerate() {
            for (j, b) in stills.iter().enumerate().skip(i + 1) {
                let score = ssim(a, b);
                assert!(score < 0.9, "{} and {} {subject}: {score}", STYLES[i], STYLES[j]);
            }
        }
    }
}

#[test]
fn styles_move_differently() {
    // A style that holds pictures repeats them; a smooth one does not.
    let repeats = |prompt: &str| {
        let mut film = film(&request(prompt));
        let scene = |frame: Frame| frame.luma()[..640 * 120].to_vec();
        let frames: Vec<Vec<u8>> = (18..30).map(|n| scene(film.frame(n))).collect();
        frames.windows(2).filter(|pair| pair[0] == pair[1]).count()
    };
    assert_eq!(repeats("a boat by the sea"), 0);
    assert_eq!(repeats("comic boat by the sea"), 6);
    assert_eq!(repeats("papercut boat by the sea"), 8);
}

/// A campaign of 3 styles, 4 subjects and 2 places: no two of its 24 videos look alike.
#[test]
fn a_campaign_is_24_different_videos() {
    let mut stills = Vec::new();
    for style in ["noir", "watercolor", "neon"] {
        for subject in ["fox", "sports car", "lighthouse", "astronaut"] {
            for place in ["in the forest", "by the sea"] {
                let prompt = format!("{style} film still of a {subject} {place}");
                stills.push((still(&prompt), prompt));
            }
        }
    }
    for (i, (a, first)) in stills.iter().enumerate() {
        for (b, second) in &stills[i + 1..] {
            let score = ssim(a, b);
            assert!(score < 0.9, "{first} and {second}: {score}");
        }
    }
}

#[test]
fn seeds_vary_the_picture() {
    let seeded = |seed| {
        let mut request = request("a cabin in the mountains");
        request.seed = seed;
        film(&request).frame(28)
    };
    assert!(ssim(&seeded(1), &seeded(2)) < 0.9);
    assert_eq!(seeded(1), seeded(1));
}

#[test]
fn every_place_and_format_can_be_drawn() {
    let places = [
        "mountain",
        "sea",
        "beach",
        "city",
        "forest",
        "desert",
        "space",
        "podium",
        "meadow",
        "lake",
        "underwater",
        "room",
        "sky",
        "old town",
        "zorblax",
    ];
    for (i, place) in places.iter().enumerate() {
        for aspect in ["16:9", "9:16", "1:1"] {
            for resolution in [Resolution::P360, Resolution::P720] {
                // The large ones take long: each place is drawn in one of them.
                if resolution == Resolution::P720 && (i + aspect.len()) % 5 != 0 {
                    continue;
                }
                let mut request = request(&format!("{place} with a whale, a car and a cup"));
                request.aspect = aspect.parse().unwrap();
                request.resolution = resolution;
                let (w, h) = request.size();
                let frame = film(&request).frame(20);
                assert_eq!(frame.size(), (w as usize, h as usize));
                let spread =
                    frame.luma().iter().max().unwrap() - frame.luma().iter().min().unwrap();
                assert!(spread > 60, "{place} {aspect}: {spread}");
            }
        }
    }
}
