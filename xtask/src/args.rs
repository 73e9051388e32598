//! The command line, read by hand: seven commands do not need a library.

use std::path::PathBuf;

use crate::failure::Failure;

/// Shown by `cargo xtask help`.
pub const USAGE: &str = "\
cargo xtask run  [--port N] [--data DIR]            set up, build, serve on loopback, seed a demo workspace
cargo xtask demo [--campaign FILE] [--out DIR] [--json]
                                                    make a campaign's videos through the API and check them
cargo xtask test [--quick]                          everything CI checks; --quick leaves out kill suites and fuzzing
cargo xtask bench NAME [--json]                     prompt | launch | settle | render | fanout | api | line | load | page
cargo xtask explorer                                fetch the page of /explorer from npm, for the next build to embed
cargo xtask page                                    build the page into server/page
cargo xtask browser                                 drive the page in Chromium, as a part of `test`
cargo xtask schema                                  rewrite server/schema.graphql from the binary
cargo xtask pg                                      a private PostgreSQL in the foreground, for development";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`USAGE`].
    Help,
    /// Serve with a seeded workspace.
    Run(Run),
    /// Check everything.
    Test(Test),
    /// Make a campaign.
    Demo(Demo),
    /// Measure.
    Bench(Bench),
    /// Fetch the page of `/explorer`.
    Explorer,
    /// Build the page alone.
    Page,
    /// Drive the page in Chromium.
    Browser,
    /// Rewrite the committed SDL.
    Schema,
    /// Hold a private PostgreSQL.
    Pg,
}

/// Options of `run`.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// Where to listen on loopback.
    pub port: u16,
    /// The data folder.
    pub data: PathBuf,
}

/// Options of `test`.
#[derive(Debug, PartialEq, Eq)]
pub struct Test {
    /// Without kill suites and fuzzing.
    pub quick: bool,
}

/// Options of `demo`.
#[derive(Debug, PartialEq, Eq)]
pub struct Demo {
    /// The campaign file.
    pub campaign: PathBuf,
    /// Where the files go; `out/` and the campaign's file name when not given.
    pub out: Option<PathBuf>,
    /// Whether the last line is one JSON object.
    pub json: bool,
}

/// Options of `bench`.
#[derive(Debug, PartialEq, Eq)]
pub struct Bench {
    /// Which one.
    pub name: String,
    /// Whether the last line is one JSON object.
    pub json: bool,
}

/// Reads the arguments after the program's name.
///
/// # Errors
/// What is not understood, in words.
pub fn parse(args: impl Iterator<Item = String>) -> Result<Command, Failure> {
    let mut words = Words { rest: args.collect::<Vec<_>>().into_iter() };
    let command = match words.rest.next().as_deref() {
        None | Some("help" | "--help" | "-h") => return Ok(Command::Help),
        Some("run") => run(&mut words)?,
        Some("demo") => demo(&mut words)?,
        Some("test") => test(&mut words)?,
        Some("bench") => bench(&mut words)?,
        Some("explorer") => Command::Explorer,
        Some("page") => Command::Page,
        Some("browser") => Command::Browser,
        Some("schema") => Command::Schema,
        Some("pg") => Command::Pg,
        Some(other) => return Err(Failure::Usage(format!("there is no command `{other}`"))),
    };
    match words.rest.next() {
        Some(extra) => Err(unknown(&extra)),
        None => Ok(command),
    }
}

struct Words {
    rest: std::vec::IntoIter<String>,
}

impl Words {
    fn value(&mut self, option: &str) -> Result<String, Failure> {
        self.rest.next().ok_or_else(|| Failure::Usage(format!("{option} needs a value")))
    }
}

fn unknown(word: &str) -> Failure {
    Failure::Usage(format!("`{word}` is not understood here"))
}

fn run(words: &mut Words) -> Result<Command, Failure> {
    let mut options = Run { port: 8787, data: PathBuf::from("data") };
    while let Some(word) = words.rest.next() {
        match word.as_str() {
            "--port" => {
                let text = words.value("--port")?;
                options.port = text
                    .parse()
                    .map_err(|_| Failure::Usage(format!("`{text}` is not a port (1 to 65535)")))?;
            }
            "--data" => options.data = words.value("--data")?.into(),
            other => return Err(unknown(other)),
        }
    }
    Ok(Command::Run(options))
}

fn demo(words: &mut Words) -> Result<Command, Failure> {
    let campaign = PathBuf::from("examples/lighthouse.toml");
    let mut options = Demo { campaign, out: None, json: false };
    while let Some(word) = words.rest.next() {
        match word.as_str() {
            "--campaign" => options.campaign = words.value("--campaign")?.into(),
            "--out" => options.out = Some(words.value("--out")?.into()),
            "--json" => options.json = true,
            other => return Err(unknown(other)),
        }
    }
    Ok(Command::Demo(options))
}

fn test(words: &mut Words) -> Result<Command, Failure> {
    let mut options = Test { quick: false };
    for word in words.rest.by_ref() {
        match word.as_str() {
            "--quick" => options.quick = true,
            other => return Err(unknown(other)),
        }
    }
    Ok(Command::Test(options))
}

fn bench(words: &mut Words) -> Result<Command, Failure> {
    let mut name = None;
    let mut json = false;
    for word in words.rest.by_ref() {
        match word.as_str() {
            "--json" => json = true,
            other if other.starts_with('-') || name.is_some() => return Err(unknown(other)),
            other => name = Some(other.to_owned()),
        }
    }
    let name = name.ok_or_else(|| Failure::Usage("bench needs a name".to_owned()))?;
    Ok(Command::Bench(Bench { name, json }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, Failure> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn defaults_are_what_the_readme_says() {
        assert_eq!(
            read("run").unwrap(),
            Command::Run(Run { port: 8787, data: PathBuf::from("data") })
        );
        assert_eq!(
            read("demo").unwrap(),
            Command::Demo(Demo {
                campaign: "examples/lighthouse.toml".into(),
                out: None,
                json: false
            })
        );
        assert_eq!(read("test").unwrap(), Command::Test(Test { quick: false }));
        assert_eq!(read("page").unwrap(), Command::Page);
        assert_eq!(read("browser").unwrap(), Command::Browser);
        assert_eq!(read("").unwrap(), Command::Help);
    }

    #[test]
    fn options_are_read_in_any_order() {
        let expected =
            Command::Demo(Demo { campaign: "c.toml".into(), out: Some("d".into()), json: true });
        assert_eq!(read("demo --json --out d --campaign c.toml").unwrap(), expected);
        assert_eq!(
            read("bench --json settle").unwrap(),
            Command::Bench(Bench { name: "settle".to_owned(), json: true })
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, part) in [
            ("rnu", "`rnu`"),
            ("run --port 70000", "`70000`"),
            ("run --port", "--port needs a value"),
            ("test --fast", "`--fast`"),
            ("bench", "needs a name"),
            ("bench settle launch", "`launch`"),
            ("schema now", "`now`"),
        ] {
            let failure = read(line).unwrap_err();
            assert!(failure.to_string().contains(part), "{line}: {failure}");
        }
    }
}
