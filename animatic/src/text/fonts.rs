//! Fonts are the machine's own, found at start; none is built in. The first font that has a
//! character draws it.

use std::path::{Path, PathBuf};

use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Vector};
use swash::{FontRef, GlyphId};

/// Fonts read into memory, in order of preference.
pub struct Fonts {
    files: Vec<Vec<u8>>,
}

/// Why there are no fonts to write with.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// A file or folder that was named cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file that was named is no font.
    #[error("{path} is not a TrueType or OpenType font")]
    NotAFont {
        /// Which one.
        path: PathBuf,
    },
    /// Nothing was named, or the folders hold no font.
    #[error("no font found; install the Debian package {package}")]
    Missing {
        /// What to install.
        package: &'static str,
    },
}

/// Largest font file that is read, in bytes.
const FONT_BYTES_MAX: u64 = 64 << 20;

const SMILEY: [&str; 2] = [
    "/usr/share/fonts/truetype/smiley-sans/SmileySans-Oblique.ttf",
    "/usr/share/fonts/opentype/smiley-sans/SmileySans-Oblique.otf",
];
const DROID: [&str; 2] = [
    "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
];

impl Fonts {
    /// Reads font files, and the fonts directly inside folders, in the order given.
    pub fn load(dirs_or_files: &[PathBuf]) -> Result<Self, FontError> {
        let mut files = Vec::new();
        for path in dirs_or_files {
            for file in fonts_at(path)? {
                files.push(read(&file)?);
            }
        }
        if files.is_empty() {
            return Err(FontError::Missing { package: "fonts-smiley-sans" });
        }
        Ok(Self { files })
    }

    /// Debian's Smiley Sans for titles, and Droid Sans Fallback for traditional and rare
    /// characters. The error names the package to install.
    pub fn system() -> Result<Self, FontError> {
        let first = |places: [&str; 2], package| {
            let found = places.iter().map(PathBuf::from).find(|path| path.is_file());
            found.ok_or(FontError::Missing { package })
        };
        Self::load(&[first(SMILEY, "fonts-smiley-sans")?, first(DROID, "fonts-droid-fallback")?])
    }

    /// Whether some font has a shape for the character. What none has is drawn as a mark.
    pub fn covers(&self, c: char) -> bool {
        self.find(c).is_some()
    }

    fn find(&self, c: char) -> Option<(FontRef<'_>, GlyphId)> {
        self.files.iter().find_map(|bytes| {
            let font = FontRef::from_index(bytes, 0)?;
            let glyph = font.charmap().map(c);
            (glyph != 0).then_some((font, glyph))
        })
    }

    /// How far the pen moves for a character, in pixels; `None` where no font has it.
    pub(crate) fn advance(&self, c: char, px: f32) -> Option<f32> {
        self.find(c).map(|(font, glyph)| font.glyph_metrics(&[]).scale(px).advance_width(glyph))
    }
}

/// The mask of one character. `left` and `top` are the distance from the pen, y downwards.
pub(crate) struct Glyph {
    pub left: i32,
    pub top: i32,
    pub w: usize,
    pub mask: Vec<u8>,
}

/// Draws characters; keeps the rasteriser's buffers.
pub(crate) struct Pen<'a> {
    fonts: &'a Fonts,
    scaler: ScaleContext,
}

impl<'a> Pen<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, scaler: ScaleContext::new() }
    }

    pub fn fonts(&self) -> &'a Fonts {
        self.fonts
    }

    /// The mask of a character moved right by `part` of a pixel; `None` where no font has it or
    /// it leaves no ink.
    pub fn glyph(&mut self, c: char, px: f32, part: f32) -> Option<Glyph> {
        let (font, glyph) = self.fonts.find(c)?;
        let mut scaler = self.scaler.builder(font).size(px).hint(false).build();
        let image = Render::new(&[Source::Outline])
            .format(Format::Alpha)
            .offset(Vector::new(part, 0.0))
            .render(&mut scaler, glyph)?;
        let w = image.placement.width as usize;
        (w > 0).then(|| Glyph {
            left: image.placement.left,
            top: -image.placement.top,
            w,
            mask: image.data,
        })
    }
}

fn fonts_at(path: &Path) -> Result<Vec<PathBuf>, FontError> {
    let failed = |source| FontError::Unreadable { path: path.to_owned(), source };
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let kind = file.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        if kind.is_some_and(|kind| ["ttf", "otf", "ttc"].contains(&kind.as_str())) {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>, FontError> {
    let failed = |source| FontError::Unreadable { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    let not_a_font = || FontError::NotAFont { path: path.to_owned() };
    if length > FONT_BYTES_MAX {
        return Err(not_a_font());
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    if FontRef::from_index(&bytes, 0).is_none() {
        return Err(not_a_font());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_fonts_cover_both_languages() {
        let fonts =
            Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
        for c in "黄昏的海边 Aurum 燈塔龜鬱 ←↑→↓·「」，。！？…':%{}\\;[]".chars()
        {
            assert!(fonts.covers(c), "{c}");
        }
        assert!(!fonts.covers('🦊'));
    }

    #[test]
    fn says_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let missing = || Fonts::load(&[dir.path().to_owned()]);
        assert!(matches!(missing(), Err(FontError::Missing { package: "fonts-smiley-sans" })));
        let broken = dir.path().join("a.ttf");
        std::fs::write(&broken, b"no font").unwrap();
        assert!(matches!(missing(), Err(FontError::NotAFont { path }) if path == broken));
        let absent = Fonts::load(&[dir.path().join("b.ttf")]);
        assert!(matches!(absent, Err(FontError::Unreadable { .. })));
    }
}
