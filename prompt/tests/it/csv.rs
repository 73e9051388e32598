//! CSV files as people send them.

use encoding_rs::GB18030;
use prompt::{Code, Limits, Place, csv::read};
use proptest::prelude::*;

use crate::give::{codes, table};

const TEXT: &str = "名称,风格\r\n\"杯子，\"\"大\"\"\",水墨\r\n\"两\n行\",noir\r\n";

fn expected() -> prompt::Table {
    table(&["名称", "风格"], &[&["杯子，\"大\"", "水墨"], &["两\n行", "noir"]])
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2], mark: u16) -> Vec<u8> {
    std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn every_encoding_gives_the_same_table_and_says_its_name() {
    let plain = read(TEXT.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(plain.table, expected());
    assert_eq!(plain.notices, []);
    let marked = format!("\u{FEFF}{TEXT}").into_bytes();
    let files = [
        (marked, "UTF-8 with a byte-order mark"),
        (utf16(TEXT, u16::to_le_bytes, 0xFEFF), "UTF-16LE"),
        (utf16(TEXT, u16::to_be_bytes, 0xFEFF), "UTF-16BE"),
        (GB18030.encode(TEXT).0.into_owned(), "GB18030"),
    ];
    for (bytes, name) in files {
        let sheet = read(&bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.table, expected(), "{name}");
        assert_eq!(codes(&sheet.notices), [Code::CsvEncoding], "{name}");
        let short = name.split(' ').next().unwrap();
        assert!(sheet.notices[0].en.contains(name) && sheet.notices[0].zh.contains(short));
    }
}

/// NULs give UTF-16 away where its mark is missing; a few of them in another text do not.
#[test]
fn utf16_without_a_mark_is_read_and_named() {
    let chinese = "名称,风格\r\n一杯咖啡与夜色中的老城墙,水墨\r\n开满山坡的野花,黑白电影\r\n";
    for text in ["a,b\n1,2\n", TEXT, chinese, "a;b\nx;一\n", "a\tb\r\n\"x\ny\"\t丏\r\n", "sku\n7"]
    {
        let wanted = read(text.as_bytes(), &Limits::default()).unwrap();
        for (unit, name) in
            [(u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"), (u16::to_be_bytes, "UTF-16BE")]
        {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(unit).collect();
            let sheet = read(&bytes, &Limits::default()).unwrap();
            assert_eq!(sheet.table, wanted.table, "{name} {text:?}");
            let notice = &sheet.notices[0];
            assert_eq!(notice.code, Code::CsvEncoding);
            let en = format!("The file was read as {name} without a byte-order mark.");
            let zh = format!("文件按 不带字节顺序标记（BOM）的 {name} 读取。");
            assert_eq!((&notice.en, &notice.zh), (&en, &zh));
        }
    }
    // Cut in the middle of a character: the place and the encoding are named.
    let mut cut: Vec<u8> = "a,b\n1,2\n3,4".encode_utf16().flat_map(u16::to_le_bytes).collect();
    cut.pop();
    let problem = read(&cut, &Limits::default()).unwrap_err().remove(0);
    let place = Place::Rows { row: Some(3), column: Some(2), name: None };
    assert_eq!((problem.code, problem.place), (Code::CsvUndecodable, Some(place)));
    assert!(problem.en.contains("UTF-16LE") && problem.zh.contains("UTF-16LE"));
}

#[test]
fn a_control_character_in_a_cell_is_refused_with_its_place() {
    type File<'a> = (&'a [u8], (usize, usize), &'a str);
    let gb18030 = GB18030.encode("名称,风格\n杯子,水\0墨\n").0.into_owned();
    let files: [File<'_>; 7] = [
        (b"a,b\n1\0,2\n", (2, 1), "a"),
        (b"a,b\n1\0,22\n", (2, 1), "a"),
        (b"a,b\n1,2\n3,\0\n", (3, 2), "b"),
        (b"name,note\ncup,red\0\njar,\0\n", (2, 2), "note"),
        ("名称,风格\n杯\0子,水墨\n罐,b\n".as_bytes(), (2, 1), "名称"),
        (&gb18030, (2, 2), "风格"),
        (b"a,b\n1,\x0B\n", (2, 2), "b"),
    ];
    for (bytes, (row, column), name) in files {
        let problems = read(bytes, &Limits::default()).unwrap_err();
        assert_eq!(problems[0].code, Code::ControlCharacter, "{bytes:?}");
        let place =
            Place::Rows { row: Some(row), column: Some(column), name: Some(name.to_owned()) };
        assert_eq!(problems[0].place, Some(place), "{bytes:?}");
    }
}

#[test]
fn semicolons_and_tabs_separate_too() {
    for (text, word) in [("a;b\n1;2,5\n", "semicolon"), ("a\tb\n1\t2,5\n", "tab")] {
        let sheet = read(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(sheet.table, table(&["a", "b"], &[&["1", "2,5"]]));
        assert_eq!(codes(&sheet.notices), [Code::CsvSeparator]);
        assert!(sheet.notices[0].en.contains(word));
    }
    // The rows decide where the header could be read either way.
    let sheet = read(b"name;price,EUR\ncup;1,50\njar;2\n", &Limits::default()).unwrap();
    assert_eq!(sheet.table.columns, ["name", "price,EUR"]);
}

#[test]
fn line_ends_blank_rows_and_one_column() {
    for text in ["a\nx\n\ny", "a\r\nx\r\n\r\ny\r\n", "a\rx\r\ry\r"] {
        let sheet = read(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(sheet.table, table(&["a"], &[&["x"], &["y"]]), "{text:?}");
        assert_eq!(codes(&sheet.notices), [Code::CsvBlankRows]);
    }
    let sheet = read(b" a , b \n x , y \n,\n", &Limits::default()).unwrap();
    assert_eq!(sheet.table, table(&["a", "b"], &[&[" x ", " y "]]));
}

#[test]
fn problems_name_row_and_column() {
    let place = |row, column| Place::Rows { row: Some(row), column: Some(column), name: None };
    let first = |bytes: &[u8]| read(bytes, &Limits::default()).unwrap_err().remove(0);
    // An empty line counts as a row, a line break in quotes does not.
    let ragged = first(b"a,b,c\n\n\"1\n1\",2,3\n1,2\n");
    assert_eq!(ragged.code, Code::RaggedRow);
    let missing = Place::Rows { row: Some(4), column: Some(3), name: Some("c".into()) };
    assert_eq!(ragged.place, Some(missing));
    assert!(ragged.en.contains("Row 4") && ragged.zh.contains("第 4 行"));
    assert_eq!(first(b"a,b\n1,2,3\n").place, Some(place(2, 3)));
    let broken = first(b"a,b\n1,2\nx,y\xFF\xFFz\n");
    assert_eq!((broken.code, broken.place), (Code::CsvUndecodable, Some(place(3, 2))));
    let broken = first(b"\xEF\xBB\xBFa,b\n\xC0,2\n");
    assert_eq!((broken.code, broken.place), (Code::CsvUndecodable, Some(place(2, 1))));
    let mut odd = utf16("a,b\n1,2\n3,4", u16::to_le_bytes, 0xFEFF);
    odd.extend([0x00, 0xD8, b'x', 0]);
    let broken = first(&odd);
    assert_eq!((broken.code, broken.place), (Code::CsvUndecodable, Some(place(3, 2))));
    let open = first(b"a,b\n1,\"2\n3,4\n");
    assert_eq!((open.code, open.place), (Code::CsvUnclosedQuote, Some(place(2, 2))));
    let after = first(b"a,b\n\"1\"x,2\n");
    assert_eq!((after.code, after.place), (Code::CsvTextAfterQuote, Some(place(2, 1))));
    let double = first(b"a,b, a\n1,2,3\n");
    assert_eq!(double.code, Code::DuplicateColumn);
}

/// What GB18030 would read as something else is refused where it is damaged.
#[test]
fn undecodable_bytes_name_row_and_column_in_every_encoding() {
    let damaged = |text: &str, bytes: &[u8]| [text.as_bytes(), bytes].concat();
    let gb18030 = |text: &str, bytes: &[u8]| [&GB18030.encode(text).0, bytes].concat();
    let files: [(Vec<u8>, (usize, usize), &str); 6] = [
        (damaged("名称,风格\n杯子,水墨\n罐", b"\xE9a,b\n"), (3, 1), "UTF-8"),
        (damaged("名称,风格\n杯子,水", b"\xE5\xA2"), (2, 2), "UTF-8"),
        (damaged("名称,风格\n杯子,水墨\n罐,", b"\xFF\n"), (3, 2), "UTF-8"),
        (gb18030("名称,风格\n杯子,水墨\n罐,", b"\xFF\n"), (3, 2), "GB18030"),
        (gb18030("名称,风格\n\"杯\n子\",", b"\x81"), (2, 2), "GB18030"),
        (utf16("名称\n水", u16::to_be_bytes, 0xFEFF)[..9].to_vec(), (2, 1), "UTF-16BE"),
    ];
    for (bytes, (row, column), name) in files {
        let problem = read(&bytes, &Limits::default()).unwrap_err().remove(0);
        assert_eq!(problem.code, Code::CsvUndecodable, "{name} {row}:{column}");
        let place = Place::Rows { row: Some(row), column: Some(column), name: None };
        assert_eq!(problem.place, Some(place), "{name}");
        assert!(problem.en.contains(name) && problem.zh.contains(name), "{}", problem.en);
    }
    // Words whose GB18030 bytes partly look like UTF-8 are read all the same.
    for text in ["名,值\n联通,移动\n", "名,值\n新媒体,卢沟桥\n", "a,b\n价,1\n"] {
        let sheet = read(&gb18030(text, b""), &Limits::default()).unwrap();
        assert_eq!(codes(&sheet.notices), [Code::CsvEncoding], "{text}");
        assert!(
            sheet
                .table
                .columns
                .iter()
                .chain(sheet.table.rows.iter().flatten())
                .all(|cell| text.contains(cell.as_str())),
            "{:?}",
            sheet.table
        );
    }
}

#[test]
fn limits_hold_at_their_edge() {
    let limits = Limits { max_rows: 2, max_columns: 2, max_csv_bytes: 12, ..Limits::default() };
    assert!(read(b"a,b\n1,2\n3,4", &limits).is_ok());
    let code = |bytes: &[u8]| read(bytes, &limits).unwrap_err()[0].code;
    assert_eq!(code(b"a,b\n1,2\n3,4\n\n"), Code::CsvTooLarge);
    assert_eq!(code(b"a\n1\n2\n3\n"), Code::TooManyRows);
    assert_eq!(code(b"a,b,c\n1,2,3"), Code::TooManyColumns);
}

fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1_usize..5).prop_flat_map(|width| {
        prop::collection::vec(prop::collection::vec("[a-c,;\t\"\r\n 水，]{0,5}", width), 1..6)
    })
}

proptest! {
    /// Everything well formed reads as the `csv` crate reads it.
    #[test]
    fn well_formed_files_read_as_by_the_csv_crate(cells in cells()) {
        let header: Vec<String> = (0..cells[0].len()).map(|i| format!("col{i}")).collect();
        let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let rows: Vec<Vec<String>> = reader
            .records()
            .skip(1)
            .map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect())
            .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        match read(&bytes, &Limits::default()) {
            Ok(sheet) => prop_assert_eq!(sheet.table.rows, rows),
            Err(problems) => {
                prop_assert!(rows.is_empty(), "{problems:?}");
                prop_assert_eq!(problems[0].code, Code::EmptyRows);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &Limits::default());
    }
}
