//! A campaign file: what `demo` makes, in TOML. The files of examples/ are the documentation.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, While as _};

/// What a campaign file says.
#[derive(Debug)]
pub struct Campaign {
    /// Shown, and the batch's name.
    pub name: String,
    /// The template's text.
    pub template: String,
    /// What the variables are bound to, but for the table.
    pub selection: Selection,
    /// The bytes of its table, for the server to read.
    pub csv: Option<Vec<u8>>,
    /// Videos that must come of it; a second opinion on the quote.
    pub videos: u64,
    /// Model code.
    pub model: String,
    /// Length of each video, seconds.
    pub seconds: u32,
    /// `16:9`, `9:16` or `1:1`.
    pub aspect: String,
    /// `360p` or `720p`.
    pub resolution: String,
    /// Seed that every video derives its own from.
    pub seed: u64,
    /// The workspace it needs; the trial of a new one if absent.
    pub workspace: Option<Workspace>,
}

/// Which combinations, in the API's own shape.
#[derive(Debug, Default, Serialize)]
pub struct Selection {
    /// Values of variables, an axis each unless zipped.
    pub lists: Vec<ValueList>,
    /// Names of lists that move together.
    pub zip: Vec<Vec<String>>,
    /// What is left out, such as `style=noir & scene=beach`.
    pub exclude: Vec<String>,
    /// A part of it; all of it if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// The values of one variable.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ValueList {
    /// The variable.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// The first n, or with a seed n at random.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many.
    pub n: u64,
    /// Fixes the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// What an operator sets before the launch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workspace {
    /// Plan code.
    pub plan: String,
    /// Credits on top of the trial's.
    pub credits: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    template: String,
    videos: u64,
    #[serde(default = "animatic")]
    model: String,
    #[serde(default = "four")]
    seconds: u32,
    #[serde(default = "wide")]
    aspect: String,
    #[serde(default = "draft")]
    resolution: String,
    #[serde(default)]
    seed: u64,
    /// A CSV file beside the campaign.
    csv: Option<String>,
    #[serde(default)]
    lists: Vec<ValueList>,
    #[serde(default)]
    zip: Vec<Vec<String>>,
    #[serde(default)]
    exclude: Vec<String>,
    sample: Option<Sample>,
    workspace: Option<Workspace>,
}

fn animatic() -> String {
    "animatic-1".to_owned()
}

const fn four() -> u32 {
    4
}

fn wide() -> String {
    "16:9".to_owned()
}

fn draft() -> String {
    "360p".to_owned()
}

/// Reads a campaign and the table it names.
///
/// # Errors
/// A file cannot be read, or what it holds is not understood.
pub fn load(path: &Path) -> Result<Campaign, Failure> {
    let text = std::fs::read_to_string(path).or_fail(format!("read {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let bytes = |name: &str| {
        let table = folder.join(name);
        std::fs::read(&table).or_fail(format!("read {}", table.display()))
    };
    read(&text, bytes).or_fail(format!("use {}", path.display()))
}

fn read(text: &str, bytes: impl Fn(&str) -> Result<Vec<u8>, Failure>) -> Result<Campaign, Failure> {
    let file: File = toml::from_str(text).or_fail("read the campaign")?;
    let csv = file.csv.as_deref().map(bytes).transpose()?;
    let File { lists, zip, exclude, sample, .. } = file;
    let selection = Selection { lists, zip, exclude, sample };
    Ok(Campaign {
        name: file.name,
        template: file.template,
        selection,
        csv,
        videos: file.videos,
        model: file.model,
        seconds: file.seconds,
        aspect: file.aspect,
        resolution: file.resolution,
        seed: file.seed,
        workspace: file.workspace,
    })
}

/// Width and height of a frame, pixels.
///
/// # Errors
/// The shape is none that is known.
pub fn frame(aspect: &str, resolution: &str) -> Result<(u32, u32), Failure> {
    let short = resolution.strip_suffix('p').and_then(|lines| lines.parse::<u32>().ok());
    let short = short.ok_or_else(|| Failure::new(format!("`{resolution}` is no resolution")))?;
    match aspect {
        "16:9" => Ok((short * 16 / 9, short)),
        "9:16" => Ok((short, short * 16 / 9)),
        "1:1" => Ok((short, short)),
        other => Err(Failure::new(format!("`{other}` is no aspect"))),
    }
}

/// The API's word for a shape.
///
/// # Errors
/// The shape is none that is known.
pub fn aspect_word(aspect: &str) -> Result<&'static str, Failure> {
    match aspect {
        "16:9" => Ok("WIDE"),
        "9:16" => Ok("TALL"),
        "1:1" => Ok("SQUARE"),
        other => Err(Failure::new(format!("`{other}` is no aspect"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = "name = \"n\"\ntemplate = \"{a}\"\nvideos = 2\n\
        [[lists]]\nname = \"a\"\nvalues = [\"x\", \"y\"]\n";

    fn no_file(name: &str) -> Result<Vec<u8>, Failure> {
        Err(Failure::new(format!("{name} must not be read")))
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let campaign = read(MINIMAL, no_file).unwrap();
        assert_eq!((campaign.model.as_str(), campaign.seconds), ("animatic-1", 4));
        assert_eq!((campaign.aspect.as_str(), campaign.resolution.as_str()), ("16:9", "360p"));
        assert_eq!(campaign.selection.lists[0].values, ["x", "y"]);
        assert!(campaign.workspace.is_none());
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let failure = read(&format!("exlude = []\n{MINIMAL}"), no_file).unwrap_err();
        assert!(failure.to_string().contains("exlude"), "{failure}");
    }

    #[test]
    fn a_table_is_handed_on_as_it_is() {
        let text = format!("csv = \"t.csv\"\n{MINIMAL}");
        let campaign = read(&text, |name| Ok(name.as_bytes().to_vec())).unwrap();
        assert_eq!(campaign.csv.as_deref(), Some(&b"t.csv"[..]));
    }

    #[test]
    fn the_selection_has_the_shape_of_the_api() {
        let campaign = read(MINIMAL, no_file).unwrap();
        let json = serde_json::to_value(&campaign.selection).unwrap();
        let lists = serde_json::json!([{ "name": "a", "values": ["x", "y"] }]);
        assert_eq!(json, serde_json::json!({ "lists": lists, "zip": [], "exclude": [] }));
    }

    #[test]
    fn shapes_have_sizes() {
        assert_eq!(frame("16:9", "360p").unwrap(), (640, 360));
        assert_eq!(frame("9:16", "720p").unwrap(), (720, 1280));
        assert_eq!(frame("1:1", "360p").unwrap(), (360, 360));
        assert!(frame("4:3", "360p").is_err() && frame("1:1", "HD").is_err());
    }

    #[test]
    fn the_examples_make_as_many_videos_as_they_say() {
        let root = crate::target::root().unwrap();
        for (name, videos) in [("lighthouse.toml", 24), ("products.toml", 72)] {
            let campaign = load(&root.join("examples").join(name)).unwrap();
            let mut json = serde_json::to_value(&campaign.selection).unwrap();
            let limits = prompt::Limits::default();
            if let Some(bytes) = &campaign.csv {
                let table = prompt::csv::read(bytes, &limits).unwrap().table;
                json["rows"] = serde_json::to_value(table).unwrap();
            }
            let selection = serde_json::from_value(json).unwrap();
            let template = prompt::parse(&campaign.template).unwrap();
            let expansion = prompt::compile(&template, &selection, &limits).unwrap();
            assert_eq!(
                (u128::from(campaign.videos), expansion.count()),
                (videos, videos),
                "{name}"
            );
        }
    }
}
