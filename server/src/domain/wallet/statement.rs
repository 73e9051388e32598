//! Statements: the ledger's rows of a period as a CSV file, by a signed link of a few minutes.
//!
//! Exact: rows come in the ledger's own order with the running balances stored in them, and end
//! with the newest row of the moment the link was made, so the same link always gives the same
//! bytes. Streamed: a page of rows at a time, no connection held in between.
//!
//! RFC 4180 with CRLF, in UTF-8 with a byte order mark, because Excel reads a file without one in
//! the system's own encoding. Texts that a spreadsheet would run as a formula get an apostrophe in
//! front; numbers stay numbers, also those below zero.
//!
//! Deliberately absent: an index of the ledger by time. A statement of one month reads past the
//! months before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use entity::credit_ledger::Model as Transfer;
use entity::enums::{Mode, TransferKind};
use entity::ids::{BatchId, WalletId};
use entity::values::UnixMs;
use futures_util::Stream;
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

use super::event::{LedgerEvent, moved, note};
use super::repo::spend::Wanted;
use super::spend::time_zone;
use super::{Wallet, deed, repo};
use crate::db::audit::{self, Deed};
use crate::db::{Class, Db, Tx};
use crate::domain::access::{Action, Scope};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::language::Language;
use crate::kernel::reason::Reason;
use crate::kernel::secret::MasterKey;

/// Life of a link, milliseconds.
const LINK_TTL_MS: i64 = 10 * 60_000;
/// Rows read at once.
const PAGE: i64 = 1_000;
/// What links are signed for.
const PURPOSE: &str = "statement-link";
const VERSION: u8 = 1;
/// Bytes before the zone's name.
const BODY: usize = 69;
const MAC: usize = 32;

/// Which rows somebody wants, and how they are to be said.
#[derive(Clone, Debug)]
pub struct StatementAsked {
    /// Of which wallet.
    pub mode: Mode,
    /// From this moment on.
    pub from: UnixMs,
    /// Up to and without this moment.
    pub until: UnixMs,
    /// Only this kind.
    pub kind: Option<TransferKind>,
    /// Only this batch.
    pub batch_id: Option<BatchId>,
    /// Language of headings and events.
    pub language: Language,
    /// Name in the IANA database, for the times.
    pub time_zone: String,
}

/// A way to a statement. Whoever holds the token may fetch it, so it is never logged.
pub struct StatementLink {
    /// Goes into the path.
    pub token: String,
    /// Useless from here on.
    pub expires_at: UnixMs,
}

/// A statement about to be sent.
pub struct Statement<Body> {
    /// Name of the file.
    pub file_name: String,
    /// The file, a piece at a time.
    pub body: Body,
}

/// What a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    wallet_id: WalletId,
    from: UnixMs,
    until: UnixMs,
    kind: Option<TransferKind>,
    batch_id: Option<BatchId>,
    last: i64,
    language: Language,
    expires_at: UnixMs,
    time_zone: String,
}

/// Use-cases of statements. Cheap to clone.
#[derive(Clone)]
pub struct Statements {
    db: Db,
    wallet: Wallet,
    key: MasterKey,
}

impl Statements {
    /// Built once, in `app`.
    #[must_use]
    pub const fn new(db: Db, wallet: Wallet, key: MasterKey) -> Self {
        Self { db, wallet, key }
    }

    /// Makes a link, audited.
    ///
    /// # Errors
    /// `FORBIDDEN` below producer; `NOT_FOUND` for a batch that this wallet never paid for;
    /// `INVALID_INPUT` for a period that ends before it begins or an unknown zone.
    pub async fn link(
        &self,
        scope: &Scope,
        asked: &StatementAsked,
    ) -> Result<StatementLink, ApiError> {
        let operator = scope.caller().actor.is_operator();
        if !operator && !scope.may(Action::ReadMoney) {
            return Err(ApiError::new(ErrorCode::Forbidden));
        }
        time_zone(&asked.time_zone)?;
        if asked.from >= asked.until {
            return Err(ApiError::invalid_input("to", Reason::EndsBeforeItBegins));
        }
        let wallet_id = self.wallet.find(scope, asked.mode).await?;
        let reader = self.db.reader();
        if let Some(batch_id) = asked.batch_id {
            let paid = repo::spend::paid_for(reader, wallet_id, batch_id).await;
            if !paid.map_err(super::Error::Db)? {
                return Err(ApiError::new(ErrorCode::NotFound));
            }
        }
        let last = repo::spend::newest(reader, wallet_id).await.map_err(super::Error::Db)?;
        let now = self.wallet.clock.now();
        let named = Named {
            wallet_id,
            from: asked.from,
            until: asked.until,
            kind: asked.kind,
            batch_id: asked.batch_id,
            last,
            language: asked.language,
            expires_at: now.plus_ms(LINK_TTL_MS),
            time_zone: asked.time_zone.clone(),
        };
        self.note(scope, &named, now).await?;
        Ok(StatementLink { token: sign(&self.key, &named), expires_at: named.expires_at })
    }

    async fn note(&self, scope: &Scope, named: &Named, now: UnixMs) -> Result<(), super::Error> {
        let caller = scope.caller();
        let actor = caller.actor.label();
        let (actor, workspace_id) = (actor.as_str(), scope.workspace_id());
        let work = |tx: Tx| async move {
            let detail = json!({
                "from": named.from.0,
                "to": named.until.0,
                "kind": named.kind.map(TransferKind::as_str),
                "batch": named.batch_id.map(|id| id.to_string()),
            });
            let deed = deed(caller, workspace_id, ("statement.link", named.wallet_id), detail);
            Ok::<(), super::Error>(audit::record_in_tx(&tx, now, Deed { actor, ..deed }).await?)
        };
        self.db.tx(Class::Telemetry, work).await
    }

    /// Opens the statement that a token names.
    ///
    /// # Errors
    /// `NOT_FOUND` for what we did not sign, `LINK_EXPIRED`.
    pub fn open(
        &self,
        token: &str,
    ) -> Result<Statement<impl Stream<Item = Result<Bytes, sea_orm::DbErr>> + Send + use<>>, ApiError>
    {
        let named = verify(&self.key, token).ok_or(ApiError::new(ErrorCode::NotFound))?;
        if self.wallet.clock.now() >= named.expires_at {
            return Err(ApiError::new(ErrorCode::LinkExpired));
        }
        let zone = time_zone(&named.time_zone)?;
        let day =
            |at: UnixMs| local(at, &zone).map_or_else(String::new, |at| at.date().to_string());
        let last_moment = named.until.plus_ms(-1);
        let file_name = format!("reelmill-{}-{}.csv", day(named.from), day(last_moment));
        let db = self.db.clone();
        let body = async_stream::try_stream! {
            let writer = Csv { language: named.language, zone };
            yield Bytes::from(writer.head());
            let wanted = Wanted {
                wallet_id: named.wallet_id,
                from: named.from,
                until: named.until,
                kind: named.kind,
                batch_id: named.batch_id,
                last: named.last,
            };
            let mut after = 0_i64;
            loop {
                let rows = repo::spend::rows(db.reader(), &wanted, (after, PAGE)).await?;
                let Some((newest, _)) = rows.last() else { break };
                after = newest.wseq;
                let text: String = rows.iter().map(|(row, batch)| writer.line(row, batch.as_deref())).collect();
                yield Bytes::from(text);
            }
        };
        Ok(Statement { file_name, body })
    }
}

fn local(at: UnixMs, zone: &TimeZone) -> Option<jiff::Zoned> {
    let stamp = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(stamp.to_zoned(zone.clone()))
}

/// Headings, in the order of [`Csv::line`].
const HEADINGS: [(&str, &str); 14] = [
    ("No.", "序号"),
    ("Time", "时间"),
    ("Kind", "类型"),
    ("Event", "事件"),
    ("Description", "说明"),
    ("Note", "备注"),
    ("Batch", "批次"),
    ("Batch name", "批次名称"),
    ("Video", "视频"),
    ("Change of available", "可用变动"),
    ("Change of frozen", "冻结变动"),
    ("Available", "可用余额"),
    ("Frozen", "冻结余额"),
    ("By", "操作者"),
];

/// Writes lines of a statement.
struct Csv {
    language: Language,
    zone: TimeZone,
}

impl Csv {
    fn head(&self) -> String {
        let headings = HEADINGS.map(|(en, zh)| match self.language {
            Language::En => quoted(en),
            Language::Zh => quoted(zh),
        });
        format!("\u{FEFF}{}\r\n", headings.join(","))
    }

    fn line(&self, row: &Transfer, batch: Option<&str>) -> String {
        let event = LedgerEvent::of(row);
        let (available, held) = moved(row);
        let time = local(row.created_at, &self.zone);
        let time =
            time.map_or_else(String::new, |at| at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string());
        let fields: [String; 14] = [
            row.wseq.to_string(),
            time,
            row.kind.as_str().to_owned(),
            event.as_str().to_owned(),
            quoted(event.words(self.language)),
            text(note(row).unwrap_or_default()),
            row.batch_id.map_or_else(String::new, |id| id.to_string()),
            text(batch.unwrap_or_default()),
            row.video_id.map_or_else(String::new, |id| id.to_string()),
            available.to_string(),
            held.to_string(),
            row.available_after.0.to_string(),
            row.held_after.0.to_string(),
            text(&row.actor),
        ];
        format!("{}\r\n", fields.join(","))
    }
}

/// A text that somebody wrote: no spreadsheet may run it.
fn text(written: &str) -> String {
    let runs = written.trim_start_matches([' ', '\u{3000}', '\u{A0}', '\u{FEFF}']);
    if runs.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        quoted(&format!("'{written}"))
    } else {
        quoted(written)
    }
}

/// A field, in quotes where RFC 4180 wants them.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\r', '\n']) || field != field.trim() {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

const KINDS: &[TransferKind] = &[
    TransferKind::Grant,
    TransferKind::Freeze,
    TransferKind::Capture,
    TransferKind::Release,
    TransferKind::Expire,
    TransferKind::Adjust,
    TransferKind::Debt,
];

fn sign(key: &MasterKey, named: &Named) -> String {
    let place = |kind| KINDS.iter().position(|known| *known == kind);
    let kind = named.kind.and_then(place).and_then(|at| u8::try_from(at).ok());
    let mut bytes = Vec::with_capacity(BODY.saturating_add(96));
    bytes.push(VERSION);
    bytes.push(kind.map_or(u8::MAX, |at| at));
    bytes.push(u8::from(named.language == Language::Zh));
    bytes.push(u8::from(named.batch_id.is_some()));
    bytes.extend_from_slice(named.wallet_id.0.as_bytes());
    bytes.extend_from_slice(named.batch_id.map_or(Uuid::nil(), |id| id.0).as_bytes());
    for number in [named.from.0, named.until.0, named.last, named.expires_at.0] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(named.time_zone.as_bytes());
    let mac = key.mac(PURPOSE, &bytes);
    bytes.extend_from_slice(&mac);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn verify(key: &MasterKey, token: &str) -> Option<Named> {
    if token.len() > 400 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    if !key.verify(PURPOSE, body, mac) {
        return None;
    }
    let (fixed, zone) = body.split_at_checked(BODY)?;
    let [VERSION, kind, language, has_batch, rest @ ..] = fixed else { return None };
    let (wallet, rest) = rest.split_at_checked(16)?;
    let (batch, rest) = rest.split_at_checked(16)?;
    let mut numbers =
        rest.chunks_exact(8).map(|eight| i64::from_be_bytes(eight.try_into().unwrap_or_default()));
    let batch_id = BatchId(Uuid::from_slice(batch).ok()?);
    Some(Named {
        kind: KINDS.get(usize::from(*kind)).copied(),
        language: if *language == 1 { Language::Zh } else { Language::En },
        batch_id: (*has_batch == 1).then_some(batch_id),
        wallet_id: WalletId(Uuid::from_slice(wallet).ok()?),
        from: UnixMs(numbers.next()?),
        until: UnixMs(numbers.next()?),
        last: numbers.next()?,
        expires_at: UnixMs(numbers.next()?),
        time_zone: String::from_utf8(zone.to_vec()).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named {
            wallet_id: WalletId(Uuid::from_u128(7)),
            from: UnixMs(-5),
            until: UnixMs(1_795_344_000_000),
            kind: Some(TransferKind::Debt),
            batch_id: Some(BatchId(Uuid::from_u128(8))),
            last: 42,
            language: Language::Zh,
            expires_at: UnixMs(1_000),
            time_zone: String::from("Asia/Shanghai"),
        }
    }

    #[test]
    fn a_token_names_what_was_signed_and_any_changed_byte_is_refused() {
        let key = MasterKey::new([7; 32]);
        for named in
            [named(), Named { kind: None, batch_id: None, language: Language::En, ..named() }]
        {
            let token = sign(&key, &named);
            assert_eq!(verify(&key, &token), Some(named));
            let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
            for place in 0..bytes.len() {
                let mut damaged = bytes.clone();
                damaged.get_mut(place).map(|byte| *byte ^= 1).expect("a byte");
                assert_eq!(verify(&key, &URL_SAFE_NO_PAD.encode(damaged)), None, "byte {place}");
            }
            assert_eq!(verify(&MasterKey::new([8; 32]), &token), None);
        }
        for text in ["", "=", "AQ", &"A".repeat(500)] {
            assert_eq!(verify(&key, text), None);
        }
    }

    #[test]
    fn no_text_runs_in_a_spreadsheet_and_every_text_comes_back() {
        for (written, stored) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\t=1", "'\t=1"),
            ("＝1", "'＝1"),
            ("=a,\"b\"\r\nc", "\"'=a,\"\"b\"\"\r\nc\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            (" a", "\" a\""),
            ("你好，世界", "你好，世界"),
        ] {
            assert_eq!(text(written), stored, "{written:?}");
        }
    }
}
