//! The closed list of refusals, their words in both languages, and the error every API shows.
//!
//! [`ApiError`] deliberately does not implement `Display` or `std::error::Error`: async-graphql
//! would otherwise turn any `?` into a reply with the error's inner text. The public message comes
//! from the code and its fields; what went wrong inside is logged once, at the boundary.

use std::borrow::Cow;

use prompt::Problem;
use serde_json::Value;

use super::language::Language;
use super::reason::Reason;

macro_rules! codes {
    ($($variant:ident = $text:literal, $en:literal, $zh:literal;)*) => {
        /// What was refused. The text form is API: names are never reused or renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $(#[doc = $en] $variant,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The form clients see in `extensions.code`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            const fn words(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Zh) => $zh,)*
                }
            }
        }
    };
}

codes! {
    Unauthenticated = "UNAUTHENTICATED", "Please sign in.", "请先登录。";
    Forbidden = "FORBIDDEN", "Your role does not allow this.", "你的角色无权执行此操作。";
    NotFound = "NOT_FOUND", "There is no such thing here.", "找不到该对象。";
    InvalidInput = "INVALID_INPUT", "{field} is not valid: {reason}", "{field} 无效：{reason}";
    TextLength = "TEXT_LENGTH", "{field} must have {min} to {max} characters.", "{field} 的长度须为 {min} 至 {max} 个字符。";
    EmailInvalid = "EMAIL_INVALID", "This is not an e-mail address.", "邮箱地址无效。";
    PasswordLength = "PASSWORD_LENGTH", "A password has {min} to {max} characters.", "密码长度须为 {min} 至 {max} 个字符。";
    PasswordIsEmail = "PASSWORD_IS_EMAIL", "The password must not be the e-mail address.", "密码不能与邮箱相同。";
    InvalidCursor = "INVALID_CURSOR", "This cursor was not made by this list.", "游标无效。";
    InvalidCredentials = "INVALID_CREDENTIALS", "E-mail or password is wrong.", "邮箱或密码不正确。";
    EmailTaken = "EMAIL_TAKEN", "There is already an account with this e-mail.", "该邮箱已注册。";
    LinkInvalid = "LINK_INVALID", "This link has been used, has expired, or is damaged.", "链接已使用、已过期或已损坏。";
    TrialLimit = "TRIAL_LIMIT", "Too many trials were started from here today.", "今天从此处开始的试用过多。";
    SignUpClosed = "SIGN_UP_CLOSED", "Accounts are made by the operator here.", "本站不开放注册，请联系管理员。";
    LastOwner = "LAST_OWNER", "A workspace keeps at least one owner.", "工作区至少要保留一名所有者。";
    AlreadyMember = "ALREADY_MEMBER", "This person is already a member.", "该用户已是成员。";
    InvitationLimit = "INVITATION_LIMIT", "{limit} invitations stand open; take one back first.", "最多同时保留 {limit} 个未接受的邀请，请先撤回一个。";
    PlanUnknown = "PLAN_UNKNOWN", "There is no plan {plan}.", "没有名为 {plan} 的套餐。";
    ContractInvalid = "CONTRACT_INVALID", "These contract terms do not fit the plan.", "合同条款与套餐不符。";
    TemplateInvalid = "TEMPLATE_INVALID", "The template or its selection has {count} problem(s).", "模板或其取值有 {count} 处问题。";
    CsvInvalid = "CSV_INVALID", "The table has {count} problem(s).", "表格有 {count} 处问题。";
    TooManyCombinations = "TOO_MANY_COMBINATIONS", "{count} combinations; at most {limit} are allowed.", "共 {count} 种组合，最多允许 {limit} 种。";
    BatchTooLarge = "BATCH_TOO_LARGE", "{count} videos; your plan allows {limit} in a batch.", "共 {count} 个视频，当前套餐每批最多 {limit} 个。";
    BatchesNotInPlan = "BATCHES_NOT_IN_PLAN", "Your plan makes single videos.", "当前套餐只支持单个视频。";
    ModelNotInPlan = "MODEL_NOT_IN_PLAN", "Your plan does not include {model}.", "当前套餐不包含 {model}。";
    DailyLimit = "DAILY_LIMIT", "{used} of {limit} videos of today are used.", "今日额度已用 {used}，上限 {limit}。";
    OpenBatchLimit = "OPEN_BATCH_LIMIT", "{limit} batch(es) at a time are allowed.", "同时最多进行 {limit} 个批次。";
    InsufficientCredits = "INSUFFICIENT_CREDITS", "{needed} credits needed, {available} available.", "需要 {needed} 积分，可用 {available}。";
    SpendLimitDay = "SPEND_LIMIT_DAY", "{needed} credits needed; {left} are left of today's limit of {limit}.", "需要 {needed} 积分，今日限额 {limit}，剩余 {left}。";
    SpendLimitMonth = "SPEND_LIMIT_MONTH", "{needed} credits needed; {left} are left of this month's limit of {limit}.", "需要 {needed} 积分，本月限额 {limit}，剩余 {left}。";
    VoucherInvalid = "VOUCHER_INVALID", "This code is unknown, has expired, or was taken back.", "兑换码不存在、已过期或已收回。";
    VoucherUsedUp = "VOUCHER_USED_UP", "This code has been used as often as it can be.", "该兑换码的使用次数已满。";
    VoucherRedeemed = "VOUCHER_REDEEMED", "This workspace has used this code already.", "该工作区已使用过此兑换码。";
    NameTaken = "NAME_TAKEN", "Something here has this name already.", "该名称已被使用。";
    QuoteExpired = "QUOTE_EXPIRED", "This quote has expired; ask for a new one.", "报价已过期，请重新获取。";
    QuoteUsed = "QUOTE_USED", "This quote has been launched already.", "该报价已被使用。";
    NoPrice = "NO_PRICE", "{model} has no price at {resolution}.", "{model} 在 {resolution} 下没有定价。";
    IdempotencyConflict = "IDEMPOTENCY_CONFLICT", "This idempotency key was used with other input.", "该幂等键已用于不同的输入。";
    Conflict = "CONFLICT", "Somebody changed this meanwhile; read it again.", "内容已被他人修改，请重新读取。";
    AmountInvalid = "AMOUNT_INVALID", "This amount cannot be booked: {reason}", "该金额无法入账：{reason}";
    BatchEnded = "BATCH_ENDED", "This batch has ended.", "该批次已结束。";
    BatchRunning = "BATCH_RUNNING", "Some videos of this batch have not ended yet.", "该批次还有视频未结束。";
    NothingToRetry = "NOTHING_TO_RETRY", "No video of this batch failed.", "该批次没有失败的视频。";
    QuoteNeeded = "QUOTE_NEEDED", "The time to retry at the old price is over; ask for a new quote.", "按原价重试的期限已过，请重新获取报价。";
    BatchClosed = "BATCH_CLOSED", "This batch has been asked to stop.", "该批次已被要求停止。";
    BatchPaused = "BATCH_PAUSED", "This batch is paused; resume it first.", "该批次已暂停，请先恢复。";
    BatchNotPaused = "BATCH_NOT_PAUSED", "This batch is not paused.", "该批次没有暂停。";
    NoPilot = "NO_PILOT", "This batch was launched without a pilot.", "该批次没有试制视频。";
    PilotDecided = "PILOT_DECIDED", "This pilot has been decided on already.", "该试制已有决定。";
    RateLimited = "RATE_LIMITED", "Too fast; try again in {retryAfterS} s.", "请求过快，请在 {retryAfterS} 秒后重试。";
    QueryInvalid = "QUERY_INVALID", "This is not a valid request: {reason}", "请求无效：{reason}";
    QueryTooComplex = "QUERY_TOO_COMPLEX", "This query asks for too much at once: {reason}", "查询过于复杂：{reason}";
    DocumentUnknown = "DOCUMENT_UNKNOWN", "No document of this digest is known here.", "没有该摘要对应的查询文档。";
    BodyTooLarge = "BODY_TOO_LARGE", "The body is larger than {limit} bytes.", "请求体超过 {limit} 字节。";
    MediaTypeUnsupported = "MEDIA_TYPE_UNSUPPORTED", "Send application/json.", "请使用 application/json。";
    NotAcceptable = "NOT_ACCEPTABLE", "Answers come as {offered}.", "可用的响应类型：{offered}。";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", "Use {allowed} here.", "此处请使用 {allowed}。";
    LinkExpired = "LINK_EXPIRED", "This link has expired; ask for a new one.", "链接已过期，请重新获取。";
    LinkRevoked = "LINK_REVOKED", "This link has been withdrawn.", "该链接已被撤回。";
    ArchiveLimit = "ARCHIVE_LIMIT", "At most {limit} archives are packed at once; try again in a moment.", "同时最多打包 {limit} 个压缩包，请稍后再试。";
    ShareLimit = "SHARE_LIMIT", "At most {limit} share links may be open; revoke one first.", "最多可同时开放 {limit} 个分享链接，请先撤销一个。";
    NothingDelivered = "NOTHING_DELIVERED", "None of these videos has been delivered.", "所选视频都还没有交付。";
    RangeInvalid = "RANGE_INVALID", "The file has {bytes} bytes.", "文件共 {bytes} 字节。";
    CrossSite = "CROSS_SITE", "Requests with a cookie must come from this site.", "带 Cookie 的请求必须来自本站。";
    SubscriptionLimit = "SUBSCRIPTION_LIMIT", "At most {limit} subscriptions at once.", "同时最多 {limit} 个订阅。";
    ConnectionLimit = "CONNECTION_LIMIT", "At most {limit} live connections at once.", "同时最多 {limit} 个实时连接。";
    ToolMissing = "TOOL_MISSING", "{tool} cannot be used on this server; on Debian: apt-get install {package}.", "服务器上的 {tool} 无法使用；在 Debian 上可执行 apt-get install {package}。";
    Unavailable = "UNAVAILABLE", "Not available right now; try again.", "暂时不可用，请重试。";
    Internal = "INTERNAL", "Something went wrong on our side; look whether it took effect before you try again.", "服务器内部错误，重试前请先确认操作是否已经生效。";
}

/// A refusal as an API shows it, with what went wrong inside kept apart.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: ErrorCode,
    reason: Option<Reason>,
    fields: Vec<(&'static str, Value)>,
    problems: Vec<Problem>,
    internal: Option<Cow<'static, str>>,
}

impl ApiError {
    /// A refusal with this code.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, reason: None, fields: Vec::new(), problems: Vec::new(), internal: None }
    }

    /// A refusal whose words end in `{reason}`.
    #[must_use]
    pub fn because(code: ErrorCode, reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::new(code) }.with("reason", reason.as_str())
    }

    /// `INVALID_INPUT` of a field, named as the API names it.
    #[must_use]
    pub fn invalid_input(field: &'static str, reason: Reason) -> Self {
        Self::because(ErrorCode::InvalidInput, reason).with("field", field)
    }

    /// `INTERNAL`; `source` goes to the log, never to a client.
    #[must_use]
    pub fn internal(source: impl std::fmt::Display) -> Self {
        let internal = Some(source.to_string().into());
        Self { internal, ..Self::new(ErrorCode::Internal) }
    }

    /// Adds a typed field; `{name}` in the code's words shows it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Adds what the template language found, and `count`. Each API shows problems in its own type.
    #[must_use]
    pub fn with_problems(self, problems: Vec<Problem>) -> Self {
        let count = problems.len();
        Self { problems, ..self }.with("count", count)
    }

    /// Which refusal.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// The typed fields, for `extensions`.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, Value)] {
        &self.fields
    }

    /// What the template language found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What to log; `None` for expected refusals.
    #[must_use]
    pub fn internal_text(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// The words a person reads.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        fill(self.code.words(language), &|name| match (name, self.reason) {
            ("reason", Some(reason)) => {
                Some(fill(reason.words(language), &|name| self.field(name, language)))
            }
            _ => self.field(name, language),
        })
    }

    fn field(&self, wanted: &str, language: Language) -> Option<String> {
        let (_, value) = self.fields.iter().find(|(name, _)| *name == wanted)?;
        Some(shown(value, language))
    }
}

/// Puts values in the place of `{name}`s. What a value holds is never read again: it may come from
/// the caller.
fn fill(words: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut pieces = words.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}').and_then(|(name, rest)| Some((value(name)?, rest))) {
            Some((value, rest)) => text.extend([value.as_str(), rest]),
            None => text.extend(["{", piece]),
        }
    }
    text
}

fn shown(value: &Value, language: Language) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let words: Vec<String> = values.iter().map(|value| shown(value, language)).collect();
            words.join(match language {
                Language::En => ", ",
                Language::Zh => "、",
            })
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Words with what their places are called.
    fn places(words: &str) -> (String, BTreeSet<&str>) {
        let mut pieces = words.split('{');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        let mut names = BTreeSet::new();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').expect("a place that ends");
            names.insert(name);
            text.push_str(rest);
        }
        (text, names)
    }

    /// Both sentences say something without their fields, in their own language, about the same
    /// fields.
    fn check_words(name: &str, (en, zh): (&str, &str)) {
        let ((en, places_en), (zh, places_zh)) = (places(en), places(zh));
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        assert!(en.split_whitespace().count() > 1 && !en.contains(is_han), "{name}: {en}");
        assert!(zh.contains(is_han), "{name}: {zh}");
        assert_eq!(places_en, places_zh, "{name}");
        if !places_en.contains("reason") {
            assert!(en.ends_with('.') && zh.ends_with('。'), "{name}: {en} {zh}");
        }
    }

    #[test]
    fn every_code_and_reason_has_a_unique_name_and_words_in_both_languages() {
        for code in ErrorCode::ALL {
            let words = (code.words(Language::En), code.words(Language::Zh));
            check_words(code.as_str(), words);
        }
        for reason in Reason::ALL {
            let words = (reason.words(Language::En), reason.words(Language::Zh));
            check_words(reason.as_str(), words);
            assert!(!words.0.contains("{reason}"), "{reason:?}");
        }
        let codes: BTreeSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        let reasons: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(reasons.len(), Reason::ALL.len());
    }

    /// A read after a commit may fail: the words must not claim that nothing happened.
    #[test]
    fn an_inner_failure_promises_nothing() {
        let error = ApiError::internal("the pool timed out");
        for word in ["nothing", "unchanged", "not changed"] {
            assert!(!error.message(Language::En).contains(word));
        }
        for word in ["未作", "没有更改", "未更改"] {
            assert!(!error.message(Language::Zh).contains(word));
        }
    }

    #[test]
    fn a_reason_ends_the_sentence_in_both_languages() {
        let error = ApiError::invalid_input("resolution", Reason::NotOffered)
            .with("model", "m-1")
            .with("allowed", vec!["360p", "720p"]);
        assert_eq!(
            error.message(Language::En),
            "resolution is not valid: m-1 does not make that; choose one of: 360p, 720p."
        );
        assert_eq!(
            error.message(Language::Zh),
            "resolution 无效：m-1 不支持该取值，可选：360p、720p。"
        );
        assert_eq!(error.fields()[0], ("reason", Value::from("NOT_OFFERED")));
    }

    #[test]
    fn what_a_caller_wrote_is_not_read_as_a_place() {
        let error = ApiError::because(ErrorCode::QueryInvalid, Reason::Graphql)
            .with("detail", "{field} {reason} {")
            .with("field", "secret");
        let text = error.message(Language::En);
        assert!(text.contains("{field} {reason} {") && !text.contains("secret"), "{text}");
    }

    #[test]
    fn fields_fill_the_words() {
        let error =
            ApiError::new(ErrorCode::InsufficientCredits).with("needed", 24).with("available", 7);
        assert_eq!(error.message(Language::En), "24 credits needed, 7 available.");
        assert_eq!(error.message(Language::Zh), "需要 24 积分，可用 7。");
    }
}
