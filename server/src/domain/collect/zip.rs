//! The records of a ZIP archive (APPNOTE 6.3.10), made ahead of the bytes they describe. Pure.
//!
//! Entries are stored, not deflated: videos do not get smaller. Length and CRC-32 are known before
//! an entry begins, so its header carries them and no data descriptor follows, which readers that
//! go from the front need for stored entries. ZIP64 fields appear where a number needs them and
//! nowhere else, so that an ordinary archive is one that the oldest readers know.
//!
//! What is kept until the end is the directory: name, CRC, length and place of each entry.
//! Deliberately absent: I/O, compression, encryption, folders.

use bytes::Bytes;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
/// Bit 11: names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Version 2.0 is enough for stored entries, 4.5 for ZIP64.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix, so that the permissions below are read.
const MADE_BY: u16 = (3 << 8) | ZIP64;
/// A regular file, `rw-r--r--`.
const MODE: u32 = 0o100_644 << 16;
/// Stands for "see the ZIP64 field".
const SEE_64: u32 = u32::MAX;
/// Entries of the directory that are handed out together.
const TOGETHER: usize = 256;

/// A file that is about to follow.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name, UTF-8, at most 65,535 bytes.
    pub name: String,
    /// CRC-32 of its bytes.
    pub crc: u32,
    /// How many bytes.
    pub size: u64,
    /// When it was made.
    pub made_at: DosTime,
}

/// A moment in the format's own terms: two-second steps since 1980, without a zone (here: UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DosTime {
    date: u16,
    time: u16,
}

/// Makes the records of one archive, in order.
#[derive(Default)]
pub struct Writer {
    at: u64,
    entries: Vec<(Entry, u64)>,
}

impl DosTime {
    /// The moment so many milliseconds after 1970; the format's first one for anything earlier.
    #[must_use]
    pub fn from_unix_ms(ms: i64) -> Self {
        let first = Self { date: (1 << 5) | 1, time: 0 };
        let Ok(stamp) = jiff::Timestamp::from_millisecond(ms) else { return first };
        let at = stamp.to_zoned(jiff::tz::TimeZone::UTC);
        let Some(years) = u16::try_from(at.year()).ok().and_then(|year| year.checked_sub(1980))
        else {
            return first;
        };
        let small = |number: i8| u16::from(number.unsigned_abs());
        Self {
            date: (years.min(127) << 9) | (small(at.month()) << 5) | small(at.day()),
            time: (small(at.hour()) << 11) | (small(at.minute()) << 5) | (small(at.second()) / 2),
        }
    }
}

impl Writer {
    /// The header of the next entry. Exactly `entry.size` bytes of it must follow.
    pub fn begin(&mut self, entry: Entry) -> Bytes {
        let big = needs_64(entry.size);
        let mut header = Vec::with_capacity(50 + entry.name.len());
        u32s(&mut header, &[LOCAL]);
        u16s(&mut header, &[if big { ZIP64 } else { PLAIN }, UTF8, 0]);
        u16s(&mut header, &[entry.made_at.time, entry.made_at.date]);
        let short = short(entry.size);
        u32s(&mut header, &[entry.crc, short, short]);
        u16s(&mut header, &[length(&entry.name), if big { 20 } else { 0 }]);
        header.extend_from_slice(entry.name.as_bytes());
        if big {
            u16s(&mut header, &[1, 16]);
            u64s(&mut header, &[entry.size, entry.size]);
        }
        let place = self.at;
        self.at += header.len() as u64 + entry.size;
        self.entries.push((entry, place));
        Bytes::from(header)
    }

    /// Bytes so far, with those of the entries.
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.at
    }

    /// The directory and what ends the archive, in pieces.
    pub fn finish(self) -> impl Iterator<Item = Bytes> {
        let (start, count) = (self.at, self.entries.len() as u64);
        let size: u64 =
            self.entries.iter().map(|(entry, place)| central(entry, *place).len() as u64).sum();
        let mut entries = self.entries.into_iter();
        let directory = std::iter::from_fn(move || {
            let mut piece = Vec::new();
            for (entry, place) in entries.by_ref().take(TOGETHER) {
                piece.extend_from_slice(&central(&entry, place));
            }
            (!piece.is_empty()).then(|| Bytes::from(piece))
        });
        directory.chain(std::iter::once(end(count, size, start)))
    }
}

/// An entry of the directory.
fn central(entry: &Entry, place: u64) -> Vec<u8> {
    let mut far = Vec::new();
    if needs_64(entry.size) {
        u64s(&mut far, &[entry.size, entry.size]);
    }
    if needs_64(place) {
        u64s(&mut far, &[place]);
    }
    let extra = if far.is_empty() { 0 } else { far.len() as u16 + 4 };
    let mut record = Vec::with_capacity(46 + entry.name.len() + usize::from(extra));
    u32s(&mut record, &[CENTRAL]);
    u16s(&mut record, &[MADE_BY, if extra > 0 { ZIP64 } else { PLAIN }, UTF8, 0]);
    u16s(&mut record, &[entry.made_at.time, entry.made_at.date]);
    let short_size = short(entry.size);
    u32s(&mut record, &[entry.crc, short_size, short_size]);
    // Name, extra, comment, disk, inner attributes.
    u16s(&mut record, &[length(&entry.name), extra, 0, 0, 0]);
    u32s(&mut record, &[MODE, short(place)]);
    record.extend_from_slice(entry.name.as_bytes());
    if extra > 0 {
        u16s(&mut record, &[1, far.len() as u16]);
        record.extend_from_slice(&far);
    }
    record
}

/// What ends an archive of `count` entries whose directory of `size` bytes begins at `start`.
fn end(count: u64, size: u64, start: u64) -> Bytes {
    let many = count >= u64::from(u16::MAX);
    let mut record = Vec::new();
    if many || needs_64(size) || needs_64(start) {
        u32s(&mut record, &[END_64]);
        u64s(&mut record, &[44]);
        u16s(&mut record, &[MADE_BY, ZIP64]);
        u32s(&mut record, &[0, 0]);
        u64s(&mut record, &[count, count, size, start]);
        u32s(&mut record, &[LOCATOR_64, 0]);
        u64s(&mut record, &[start.saturating_add(size)]);
        u32s(&mut record, &[1]);
    }
    let short_count = if many { u16::MAX } else { count as u16 };
    u32s(&mut record, &[END]);
    u16s(&mut record, &[0, 0, short_count, short_count]);
    u32s(&mut record, &[short(size), short(start)]);
    u16s(&mut record, &[0]);
    Bytes::from(record)
}

/// Whether a number does not fit 32 bits (the highest value says so itself).
const fn needs_64(number: u64) -> bool {
    number >= SEE_64 as u64
}

const fn short(number: u64) -> u32 {
    if needs_64(number) { SEE_64 } else { number as u32 }
}

fn length(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

fn u16s(record: &mut Vec<u8>, numbers: &[u16]) {
    record.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn u32s(record: &mut Vec<u8>, numbers: &[u32]) {
    record.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn u64s(record: &mut Vec<u8>, numbers: &[u64]) {
    record.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_two_second_steps_since_1980() {
        let time = DosTime::from_unix_ms(1_795_344_000_000); // 2026-11-22T10:40:00Z
        assert_eq!(time.date, (46 << 9) | (11 << 5) | 22);
        assert_eq!(time.time, (10 << 11) | (40 << 5));
        assert_eq!(DosTime::from_unix_ms(0), DosTime { date: 33, time: 0 });
        assert_eq!(DosTime::from_unix_ms(i64::MIN), DosTime { date: 33, time: 0 });
    }

    #[test]
    fn zip64_appears_where_a_number_needs_it_and_nowhere_else() {
        let entry = |size| Entry {
            name: String::from("a"),
            crc: 7,
            size,
            made_at: DosTime::from_unix_ms(0),
        };
        let mut writer = Writer::default();
        assert_eq!(writer.begin(entry(u64::from(u32::MAX) - 1)).len(), 31);
        assert_eq!(writer.begin(entry(u64::from(u32::MAX))).len(), 51);
        let pieces: Vec<Bytes> = writer.finish().collect();
        // The second has its length twice and its place in its ZIP64 field.
        assert_eq!(pieces[0].len(), 47 + 47 + 4 + 24);
        assert_eq!(pieces.last().map(Bytes::len), Some(22 + 56 + 20));
        let mut small = Writer::default();
        small.begin(entry(5));
        let pieces: Vec<Bytes> = small.finish().collect();
        assert_eq!(pieces.iter().map(Bytes::len).sum::<usize>(), 47 + 22);
    }
}
