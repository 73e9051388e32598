//! Why a video failed: a closed list of codes with words and a next step in both languages.
//!
//! The provider's own words stay on the attempt; a customer reads only what is written here.

use crate::kernel::language::Language;

macro_rules! failures {
    ($($variant:ident = $text:literal, $en:literal, $zh:literal, $next_en:literal, $next_zh:literal;)*) => {
        /// Why a video failed. The text form is stored and is API: never reused or renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FailureCode { $(#[doc = $en] $variant,)* }

        impl FailureCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Form in `batch_items.error_code` and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What happened, in words.
            #[must_use]
            pub const fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Zh) => $zh,)*
                }
            }

            /// What to do next, in words.
            #[must_use]
            pub const fn next_step(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $next_en, (Self::$variant, Language::Zh) => $next_zh,)*
                }
            }
        }

        impl std::str::FromStr for FailureCode {
            type Err = entity::enums::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(entity::enums::UnknownWord) }
            }
        }
    };
}

failures! {
    Refused = "REFUSED",
        "The model does not make videos of this prompt. You were not charged.",
        "模型拒绝生成该提示词的视频，未扣除积分。",
        "Change the words of the template or of this value and launch again.",
        "请修改模板或该取值的文字后重新提交。";
    InvalidRequest = "INVALID_REQUEST",
        "The model could not read this request. You were not charged.",
        "模型无法处理该请求，未扣除积分。",
        "Shorten the prompt or its values; if it keeps failing, contact support.",
        "请缩短提示词或取值；若仍失败，请联系客服。";
    AttemptsExhausted = "ATTEMPTS_EXHAUSTED",
        "Every attempt ended without a usable file. You were not charged.",
        "多次尝试均未得到可用文件，未扣除积分。",
        "Launch it again later.",
        "请稍后重新提交。";
    ResultUnusable = "RESULT_UNUSABLE",
        "The model delivered a file that does not play as asked. You were not charged.",
        "模型交付的文件无法按要求播放，未扣除积分。",
        "Launch it again; if it keeps failing, choose another model.",
        "请重新提交；若仍失败，请更换模型。";
    StoreFailed = "STORE_FAILED",
        "The file could not be stored on our side. You were not charged.",
        "文件在我方存储失败，未扣除积分。",
        "Launch it again later; we have been told.",
        "请稍后重新提交，我们已收到通知。";
    OutcomeUnproven = "OUTCOME_UNPROVEN",
        "It could not be proven what became of this video. You were not charged.",
        "无法确认该视频的生成结果，未扣除积分。",
        "Launch it again.",
        "请重新提交。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_in_both_languages_and_reads_back() {
        for &code in FailureCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
            for text in [code.message(Language::En), code.next_step(Language::En)] {
                assert!(text.is_ascii() && text.ends_with('.'), "{text}");
            }
            for text in [code.message(Language::Zh), code.next_step(Language::Zh)] {
                assert!(text.ends_with('。'), "{text}");
            }
        }
    }
}
