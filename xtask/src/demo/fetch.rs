//! Bringing the files home, under names that say what they show.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::batch::Video;
use crate::api::{Client, queries};
use crate::failure::{Failure, While as _};
use crate::{interrupt, server};

/// Links asked for at once; they expire, so not all are asked for at the start.
const LINKS: usize = 24;
/// Longest file name without number and extension, bytes; file systems take 255 in all.
const NAME_BYTES: usize = 120;

/// A file as it arrived.
pub struct Fetched {
    /// Place in the batch, from 0.
    pub ordinal: i64,
    /// Where it is now.
    pub path: PathBuf,
    /// Length, bytes.
    pub bytes: u64,
    /// SHA-256 of what arrived, hexadecimal.
    pub sha256: String,
}

/// Fetches the file of every delivered video into a folder.
///
/// # Errors
/// A link is refused or a file cannot be written.
pub fn all(
    client: &mut Client,
    (workspace, batch): (&str, &str),
    (videos, out): (&[Video], &Path),
) -> Result<Vec<Fetched>, Failure> {
    server::make_folder(out)?;
    let delivered: Vec<&Video> = videos.iter().filter(|video| video.asset.is_some()).collect();
    let mut files = Vec::new();
    for some in delivered.chunks(LINKS) {
        let ids: Vec<_> = some.iter().map(|video| video.id.as_str()).collect();
        let input = json!({ "workspaceId": workspace, "batchId": batch, "videoIds": ids });
        let data = client.run(queries::LINKS, json!({ "input": input }))?;
        let links = &data["createAssetLinks"]["links"];
        for video in some {
            interrupt::check()?;
            let reader = client.open(link_of(links, &video.id)?)?;
            files.push(save(reader, video, out)?);
        }
    }
    Ok(files)
}

fn link_of<'a>(links: &'a Value, video: &str) -> Result<&'a str, Failure> {
    let mut all = links.as_array().into_iter().flatten();
    let found = all.find(|link| link["videoId"] == video).and_then(|link| link["url"].as_str());
    found.ok_or_else(|| Failure::new(format!("there is no link for {video}")))
}

fn save(mut reader: impl Read, video: &Video, out: &Path) -> Result<Fetched, Failure> {
    let path = out.join(file_name(video.ordinal, &video.values));
    let what = path.display().to_string();
    let mut file = File::create(&path).or_fail(format!("make {what}"))?;
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let count = reader.read(&mut buffer).or_fail(format!("fetch {what}"))?;
        if count == 0 {
            break;
        }
        file.write_all(&buffer[..count]).or_fail(format!("write {what}"))?;
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
    Ok(Fetched { ordinal: video.ordinal, path, bytes, sha256: hex(&hash.finalize()) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `007_a-lighthouse_watercolor.mp4`: a number that keeps the order, then the values.
fn file_name(ordinal: i64, values: &[(String, String)]) -> String {
    let words: Vec<_> = values.iter().map(|(_, value)| slug(value)).collect();
    let mut name = words.join("_");
    while name.len() > NAME_BYTES {
        name.pop();
    }
    let name = name.trim_end_matches(['-', '_']);
    let number = ordinal + 1;
    if name.is_empty() { format!("{number:03}.mp4") } else { format!("{number:03}_{name}.mp4") }
}

/// Letters and digits of any script; everything else becomes one hyphen.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(values: &[&str]) -> String {
        let pairs: Vec<_> = values.iter().map(|v| ("n".to_owned(), (*v).to_owned())).collect();
        file_name(6, &pairs)
    }

    #[test]
    fn names_say_what_a_file_shows() {
        assert_eq!(
            name(&["A lighthouse, by the sea", "watercolor"]),
            "007_a-lighthouse-by-the-sea_watercolor.mp4"
        );
        assert_eq!(name(&["灯塔", "水墨"]), "007_灯塔_水墨.mp4");
        assert_eq!(name(&[]), "007.mp4");
    }

    #[test]
    fn no_value_leaves_the_folder_or_breaks_a_file_system() {
        assert_eq!(name(&["../../etc/passwd"]), "007_etc-passwd.mp4");
        assert_eq!(name(&["a/b\0c"]), "007_a-b-c.mp4");
        assert!(name(&[&"长".repeat(400)]).len() <= NAME_BYTES + "007_.mp4".len());
    }

    #[test]
    fn what_is_saved_is_hashed_as_it_arrived() {
        let folder = tempfile::tempdir().unwrap();
        let video = Video {
            id: "vid_1".into(),
            ordinal: 0,
            values: Vec::new(),
            state: "DELIVERED".into(),
            error: None,
            asset: None,
        };
        let file = save(&b"abc"[..], &video, folder.path()).unwrap();
        assert_eq!(file.bytes, 3);
        assert!(file.sha256.starts_with("ba7816bf"), "{}", file.sha256);
        assert_eq!(std::fs::read(&file.path).unwrap(), b"abc");
    }
}
