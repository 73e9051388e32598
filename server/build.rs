//! Puts what browsers get into the binary, as tables of files: `explorer/`, which
//! `cargo xtask explorer` fills, and the page in `page/`, which `cargo xtask page` packs. Each folder
//! may be empty; then its table is, and the server says so at its address.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=explorer");
    println!("cargo::rerun-if-changed=page");
    println!("cargo::rerun-if-changed=build.rs");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("explorer.rs"), explorer(&here.join("explorer"))?)?;
    fs::write(out.join("page.rs"), page(&here.join("page"))?)
}

/// Names and bytes.
fn explorer(root: &Path) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for file in files_of(root)? {
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let path = file.display().to_string();
        // Writing to a string cannot fail.
        let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?}).as_slice()),");
    }
    table.push_str("]\n");
    Ok(table)
}

/// Names and bytes, with what was compressed beforehand.
fn page(root: &Path) -> io::Result<String> {
    let mut table = String::from("&[\n");
    for file in files_of(root)? {
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let packed = |ending: &str| {
            let path = PathBuf::from(format!("{}{ending}", file.display()));
            let bytes = format!("Some(include_bytes!({:?}))", path.display().to_string());
            if path.is_file() { bytes } else { "None".to_owned() }
        };
        let (path, br, gz) = (file.display().to_string(), packed(".br"), packed(".gz"));
        let _ = writeln!(
            table,
            "    Embedded {{ name: {name:?}, plain: include_bytes!({path:?}), br: {br}, gz: {gz} }},"
        );
    }
    table.push_str("]\n");
    Ok(table)
}

fn files_of(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(root, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            collect(&path, files)?;
        } else if !hidden {
            files.push(path);
        }
    }
    Ok(())
}
