//! The words of graphql-transport-ws.

use async_graphql::ServerError;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::graphql::Asked;
use crate::kernel::language::Language;

/// The one protocol spoken here.
pub(super) const NAME: &str = "graphql-transport-ws";

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromClient {
    ConnectionInit { payload: Option<Value> },
    Ping { payload: Option<Value> },
    Pong {},
    Subscribe { id: String, payload: Box<Asked> },
    Complete { id: String },
}

/// What we say.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToClient<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

impl ToClient<'_> {
    /// How every reply of a subscription begins.
    pub fn head_of_next(id: &str) -> Box<str> {
        let id = serde_json::to_string(id).unwrap_or_default();
        format!(r#"{{"type":"next","id":{id},"payload":"#).into()
    }

    /// A reply that is text already: many sockets are told the same.
    pub fn next(head: &str, payload: &str) -> Message {
        // As long as it becomes, so that it is not copied once more.
        let mut text = String::with_capacity(head.len() + payload.len() + 1);
        for part in [head, payload, "}"] {
            text.push_str(part);
        }
        Message::Text(text.into())
    }

    /// As it goes over the wire.
    pub fn message(&self) -> Message {
        Message::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

/// Why we hang up; numbers of the protocol and of RFC 6455.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server stops.
    GoingAway,
    /// The database has not answered for a while.
    Broken,
    /// Not a message of the protocol.
    BadMessage,
    /// Subscribed before saying hello.
    Unauthorized,
    /// The session or the role has ended, or the token names none.
    Forbidden,
    /// Speaks another protocol.
    OtherProtocol,
    /// Never said hello.
    NoGreeting,
    /// Answers no ping.
    Silent,
    /// Two subscriptions of one id.
    Duplicate,
    /// Said hello twice.
    SecondInit,
    /// Said hello on more sockets than a user may have.
    TooMany,
}

impl Close {
    #[cfg(test)]
    const ALL: [Self; 11] = [
        Self::GoingAway,
        Self::Broken,
        Self::BadMessage,
        Self::Unauthorized,
        Self::Forbidden,
        Self::OtherProtocol,
        Self::NoGreeting,
        Self::Silent,
        Self::Duplicate,
        Self::SecondInit,
        Self::TooMany,
    ];

    /// Its number, and its words in both languages; a closing frame has room for 123 bytes.
    const fn words(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::GoingAway => (1001, "Going away", "服务器正在停止"),
            Self::Broken => (1011, "Internal error", "服务器内部错误"),
            Self::BadMessage => (4400, "Invalid message", "消息无效"),
            Self::Unauthorized => (4401, "Unauthorized", "请先完成连接初始化"),
            Self::Forbidden => (4403, "Forbidden", "会话或权限已失效"),
            Self::OtherProtocol => (4406, "Subprotocol not acceptable", "不支持该子协议"),
            Self::NoGreeting => (4408, "Connection initialisation timeout", "连接初始化超时"),
            Self::Silent => (4408, "Nobody is there", "连接没有响应"),
            Self::Duplicate => (4409, "Subscriber already exists", "该订阅已存在"),
            Self::SecondInit => (4429, "Too many initialisation requests", "重复的初始化请求"),
            Self::TooMany => (4429, "Too many connections", "连接过多"),
        }
    }

    /// The closing frame. Reasons are fixed: nothing a client sent is sent back. Clients go by the
    /// number, people by the words.
    pub fn message(self, language: Language) -> Message {
        let (code, en, zh) = self.words();
        let reason = match language {
            Language::En => en,
            Language::Zh => zh,
        };
        Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_one_message_of_the_protocol() {
        let Message::Text(text) = ToClient::next(&ToClient::head_of_next("a\"b"), r#"{"data":1}"#)
        else {
            panic!("no text");
        };
        let said: Value = serde_json::from_str(&text).unwrap();
        let expected =
            serde_json::json!({ "type": "next", "id": "a\"b", "payload": { "data": 1 } });
        assert_eq!(said, expected);
    }

    #[test]
    fn every_end_has_a_number_and_words_in_both_languages() {
        for close in Close::ALL {
            let (code, en, zh) = close.words();
            assert!(en.is_ascii() && en.len() <= 123, "{en}");
            assert!(zh.chars().all(|c| !c.is_ascii()) && zh.len() <= 123, "{zh}");
            for (language, words) in [(Language::En, en), (Language::Zh, zh)] {
                let Message::Close(Some(frame)) = close.message(language) else {
                    panic!("{close:?} is no closing frame");
                };
                assert_eq!((frame.code, frame.reason.as_str()), (code, words));
            }
        }
    }
}
