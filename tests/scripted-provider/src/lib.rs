//! A video provider that does what a prompt tells it to, for tests: a program of its own that
//! outlives the server it serves.
//!
//! It speaks the shape of OpenAI's videos API over HTTP/1.1 (create, retrieve, list, content,
//! delete), and writes down every submission, poll, download and cancel in its book: one JSON
//! object a line, appended before the answer is sent, also served at `GET /book`. `GET /stats`
//! tells how many jobs are in flight and how many there ever were at once.
//!
//! What goes wrong is said by markers in the prompt, see [`script`]. HTTP is read and written by
//! hand ([`wire`]), because half of the misbehaviour is below what a framework lets one do.
//!
//! Deliberately absent: TLS, keys that matter, state that outlives the program.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

mod answer;
mod book;
mod clips;
mod form;
mod jobs;
pub mod script;
mod wire;

/// How the provider is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the book is written; appended to.
    pub book: PathBuf,
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// How long an ordinary job takes.
    pub render: Duration,
}

/// Binds, prints `scripted provider listens on http://…`, and serves until the process ends.
///
/// # Errors
/// When the address, the book or ffmpeg cannot be used.
pub async fn run(options: Options) -> io::Result<()> {
    let listener = TcpListener::bind(&options.listen).await?;
    let clips = clips::Clips::new()?;
    clips.of("640x360", 4).await?;
    println!("scripted provider listens on http://{}", listener.local_addr()?);
    let book = book::Book::open(&options.book)?;
    let desk = Arc::new(answer::Desk::new(book, clips, options.render));
    loop {
        let (socket, _) = listener.accept().await?;
        let desk = Arc::clone(&desk);
        // A connection that breaks is the client's business.
        tokio::spawn(async move { drop(converse(socket, &desk).await) });
    }
}

async fn converse(socket: TcpStream, desk: &answer::Desk) -> io::Result<()> {
    let mut line = wire::Line::new(socket);
    while let Some(request) = line.request().await? {
        if !line.answer(desk.answer(&request).await).await? {
            return Ok(());
        }
    }
    Ok(())
}
