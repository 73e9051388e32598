//! Draws a contact sheet: several prompts, three moments each, in one PNG.
//!
//! `cargo run --example sheet -- OUT.png [--aspect 9:16] [--size 720p] [--seed N] [--columns N]
//! [--seconds N] [--at 1.2,3.0] [--watermark] [PROMPT [var=value]…] …`
//! With no prompt it draws a selection of its own. A line from a file: `@FILE`.

use std::error::Error;
use std::fs::File;
use std::path::PathBuf;

use animatic::{Aspect, Fonts, Request, Resolution, frames};

struct Options {
    out: PathBuf,
    aspect: Aspect,
    resolution: Resolution,
    seed: u64,
    columns: usize,
    seconds: u8,
    moments: Vec<f32>,
    watermark: bool,
    prompts: Vec<String>,
}

const OWN: &[&str] = &[
    "黄昏的海边，一座灯塔守望着归航的船",
    "A detective waits under the city rain at midnight, film noir",
    "霓虹都市的雨夜街头，一辆跑车驶过",
    "Watercolor spring mountains with cherry blossom and a hot air balloon",
    "雪山脚下亮着灯的小木屋，冬夜大雪",
    "Aurum One, the watch that keeps its own time, studio product shot",
    "A fox spirit wanders the ancient forest at dawn, storybook",
    "水墨江上孤舟",
    "A geometric poster for a windmill in a tulip field",
    "papercut deer in the autumn forest",
    "vintage train through the desert",
    "pixel art rocket in space",
];

fn main() -> Result<(), Box<dyn Error>> {
    let options = parse(std::env::args().skip(1))?;
    let fonts = Fonts::system()?;
    let mut tiles = Vec::new();
    for prompt in &options.prompts {
        let request = request(prompt, &options);
        let mut film = frames(&request, &fonts)?;
        for at in &options.moments {
            let n = ((at * 24.0) as u32).min(film.len() - 1);
            tiles.push(film.frame(n).rgb());
        }
    }
    let (w, h) = request("x", &options).size();
    save(&options, &tiles, (w as usize, h as usize))
}

/// A prompt may carry values: `prompt | name=value | name=value`.
fn request(line: &str, options: &Options) -> Request {
    let mut parts = line.split(" | ");
    let prompt = parts.next().unwrap_or_default().to_owned();
    let values = parts
        .map(|part| part.split_once('=').unwrap_or(("", part)))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Request {
        prompt,
        values,
        seed: options.seed,
        aspect: options.aspect,
        resolution: options.resolution,
        seconds: options.seconds,
        watermark: options.watermark,
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        out: args.next().ok_or("the first argument is the PNG to write")?.into(),
        aspect: Aspect::Wide,
        resolution: Resolution::P360,
        seed: 1,
        columns: 0,
        seconds: 4,
        moments: vec![1.2, 2.7],
        watermark: false,
        prompts: vec![],
    };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--aspect" => options.aspect = value()?.parse()?,
            "--size" => options.resolution = value()?.parse()?,
            "--seed" => options.seed = value()?.parse()?,
            "--columns" => options.columns = value()?.parse()?,
            "--seconds" => options.seconds = value()?.parse()?,
            "--watermark" => options.watermark = true,
            "--at" => {
                options.moments = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            file if file.starts_with('@') => {
                let text = std::fs::read_to_string(&file[1..])?;
                options.prompts.extend(text.lines().filter(|l| !l.is_empty()).map(str::to_owned));
            }
            _ => options.prompts.push(arg),
        }
    }
    if options.prompts.is_empty() {
        options.prompts = OWN.iter().map(|prompt| (*prompt).to_owned()).collect();
    }
    if options.columns == 0 {
        options.columns = options.moments.len();
    }
    Ok(options)
}

fn save(options: &Options, tiles: &[Vec<u8>], size: (usize, usize)) -> Result<(), Box<dyn Error>> {
    let (w, h) = size;
    let gap = 4;
    let rows = tiles.len().div_ceil(options.columns);
    let (sheet_w, sheet_h) = (options.columns * (w + gap) + gap, rows * (h + gap) + gap);
    let mut sheet = vec![24u8; sheet_w * sheet_h * 3];
    for (i, tile) in tiles.iter().enumerate() {
        let (x, y) =
            ((i % options.columns) * (w + gap) + gap, (i / options.columns) * (h + gap) + gap);
        for (row, line) in tile.chunks_exact(w * 3).enumerate() {
            let at = ((y + row) * sheet_w + x) * 3;
            sheet[at..at + w * 3].copy_from_slice(line);
        }
    }
    let mut encoder =
        png::Encoder::new(File::create(&options.out)?, sheet_w as u32, sheet_h as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header()?.write_image_data(&sheet)?;
    Ok(())
}
