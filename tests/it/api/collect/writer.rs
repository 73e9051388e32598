//! Archives past what the first form of ZIP can say, read by Python: holes stand for the files.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use server::domain::collect::zip::{DosTime, Entry, Writer};

use super::zips::python;

const READ: &str = "
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    entries = archive.infolist()
    last = entries[-1]
    print(json.dumps({'count': len(entries), 'names': len(set(archive.namelist())),
        'first': entries[0].file_size, 'place': last.header_offset,
        'last': archive.read(last).decode()}))
";

fn entry(name: String, crc: u32, size: u64) -> Entry {
    Entry { name, crc, size, made_at: DosTime::from_unix_ms(1_795_344_000_000) }
}

/// Writes headers where they belong and leaves holes for all files but the last.
fn write(entries: Vec<Entry>, last: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.zip");
    let mut file = File::create(&path).expect("a file");
    let mut writer = Writer::default();
    let count = entries.len();
    for (place, entry) in entries.into_iter().enumerate() {
        file.write_all(&writer.begin(entry)).expect("a header");
        if place + 1 == count {
            file.write_all(last).expect("bytes");
        }
        file.seek(SeekFrom::Start(writer.written())).expect("a place");
    }
    for piece in writer.finish() {
        file.write_all(&piece).expect("the end");
    }
    (folder, path)
}

#[test]
fn more_than_sixty_five_thousand_files() {
    let mut entries: Vec<Entry> = (0..66_000).map(|n| entry(format!("{n}.mp4"), 0, 0)).collect();
    entries.push(entry(String::from("最后.txt"), 0x00fc_33b1, 3));
    let (_folder, path) = write(entries, b"end");
    let found = python(READ, &path);
    assert_eq!((found["count"].as_i64(), found["names"].as_i64()), (Some(66_001), Some(66_001)));
    assert_eq!(found["last"], "end");
}

#[test]
fn files_and_places_beyond_four_gibibytes() {
    let large = 5 << 30;
    let entries = vec![
        entry(String::from("large.mp4"), 0, large),
        entry(String::from("small.mp4"), 0, 1 << 20),
        entry(String::from("end.txt"), 0x00fc_33b1, 3),
    ];
    let (_folder, path) = write(entries, b"end");
    let found = python(READ, &path);
    assert_eq!(found["first"].as_u64(), Some(large));
    assert!(found["place"].as_u64() > Some(large), "{found}");
    assert_eq!(found["last"], "end");
}
