//! Why something was refused, where a code alone would not tell: a closed list with words in both
//! languages.
//!
//! A reason ends the sentence its code begins ([`super::error::ErrorCode`]); `{name}` shows the
//! field of that name. The one text that is not ours is `{detail}` of [`Reason::Graphql`]: the
//! parser and the validator speak English alone, so what they say is quoted as theirs inside a
//! sentence of ours.

use super::language::Language;

macro_rules! reasons {
    ($($variant:ident = $text:literal, $en:literal, $zh:literal;)*) => {
        /// Why. The text form is API: names are never reused or renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $(#[doc = $en] $variant,)* }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The form clients see in `extensions.reason`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            pub(super) const fn words(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::En) => $en, (Self::$variant, Language::Zh) => $zh,)*
                }
            }
        }
    };
}

reasons! {
    // Of INVALID_INPUT.
    NotBase64 = "NOT_BASE64", "it is not base64.", "不是有效的 base64 编码。";
    NotAnId = "NOT_AN_ID", "it is not an id of the wanted kind.", "不是所需类型的 ID。";
    NotJsonObject = "NOT_A_JSON_OBJECT", "it is not a JSON object.", "不是 JSON 对象。";
    BelowMinimum = "BELOW_MINIMUM", "it must be {min} or more.", "不能小于 {min}。";
    OutOfRange = "OUT_OF_RANGE", "it must be from {min} to {max}.", "须在 {min} 至 {max} 之间。";
    CountOutOfRange = "COUNT_OUT_OF_RANGE", "give {min} to {max} of them.", "数量须为 {min} 至 {max} 个。";
    TooMany = "TOO_MANY", "at most {max} are allowed.", "最多允许 {max} 个。";
    ControlCharacter = "CONTROL_CHARACTER", "it holds a control character; delete it.", "含有控制字符，请删除。";
    UnknownModel = "UNKNOWN_MODEL", "there is no such model; choose one of: {allowed}.", "没有这个模型，可选：{allowed}。";
    ModelSeconds = "MODEL_SECONDS", "{model} makes videos of {min} to {max} seconds.", "{model} 可生成 {min} 至 {max} 秒的视频。";
    NotOffered = "NOT_OFFERED", "{model} does not make that; choose one of: {allowed}.", "{model} 不支持该取值，可选：{allowed}。";
    PromptsTooLarge = "PROMPTS_TOO_LARGE", "its prompts are larger than {max} MiB together.", "全部提示词合计超过 {max} MiB。";
    FirstOrOrdinals = "FIRST_OR_ORDINALS", "give either first or ordinals, not both.", "first 与 ordinals 只能二选一。";
    NameAndPassword = "NAME_AND_PASSWORD", "a new account needs a name and a password.", "新账号需要名称和密码。";
    SampleKind = "SAMPLE_KIND", "it goes with samples of the kind {allowed} alone.", "仅适用于以下类型的抽样：{allowed}。";
    FreshSeed = "FRESH_SEED", "give either a seed or ask for a fresh one.", "指定种子与更换种子只能二选一。";
    GrantReference = "GRANT_REFERENCE", "it has 1 to 100 bytes and no colon.", "须为 1 至 100 字节，且不含冒号。";
    UnknownTimeZone = "UNKNOWN_TIME_ZONE", "it is no time zone; give a name such as Asia/Shanghai.", "没有这个时区，请使用 Asia/Shanghai 这样的名称。";
    EndsBeforeItBegins = "ENDS_BEFORE_IT_BEGINS", "the period must end after it begins.", "结束时间须晚于开始时间。";
    ListTooLarge = "LIST_TOO_LARGE", "a value has at most {chars} characters, and all together {max} KiB.", "每个取值最多 {chars} 个字符，全部合计不超过 {max} KiB。";
    Method = "METHOD", "this address does not take it.", "此地址不支持该方法。";
    // Of QUERY_INVALID.
    Graphql = "GRAPHQL", "the GraphQL layer says \"{detail}\".", "GraphQL 层的原文提示为“{detail}”。";
    FragmentCycle = "FRAGMENT_CYCLE", "a fragment contains itself.", "片段包含了自身。";
    SubscriptionsOnly = "SUBSCRIPTIONS_ONLY", "a socket carries subscriptions alone.", "WebSocket 连接只接受订阅。";
    EventsWanted = "EVENTS_WANTED", "follow it with Accept: text/event-stream or at /graphql/ws.", "订阅请使用 Accept: text/event-stream 或 /graphql/ws。";
    AnsweredAtOnce = "ANSWERED_AT_ONCE", "mutations are answered at once; send Accept: application/json.", "变更操作会立即返回结果，请发送 Accept: application/json。";
    OtherDigest = "OTHER_DIGEST", "the text is not what its digest says.", "文本与其摘要不一致。";
    NotASocket = "NOT_A_SOCKET", "this address takes WebSocket upgrades alone.", "此地址只接受 WebSocket 升级请求。";
    BodyEnded = "BODY_ENDED", "the body ended early.", "请求体不完整。";
    OneAtATime = "ONE_AT_A_TIME", "a body holds one request, not a list.", "请求体只能包含一个请求，不能是列表。";
    BodyNotObject = "BODY_NOT_OBJECT", "the body is not a JSON object.", "请求体不是 JSON 对象。";
    BodyNotRequest = "BODY_NOT_REQUEST", "the body is not a GraphQL request in JSON (line {line}, column {column}).", "请求体不是 JSON 格式的 GraphQL 请求（第 {line} 行第 {column} 列）。";
    AddressTooLong = "ADDRESS_TOO_LONG", "an address holds at most {max} bytes of it.", "地址中最多 {max} 字节。";
    AddressUnreadable = "ADDRESS_UNREADABLE", "the address cannot be read.", "无法读取该地址。";
    ParameterTwice = "PARAMETER_TWICE", "a parameter stands twice in the address.", "地址中有重复的参数。";
    ParameterMissing = "PARAMETER_MISSING", "the parameter {parameter} is missing.", "缺少参数 {parameter}。";
    ParameterNotObject = "PARAMETER_NOT_OBJECT", "the parameter {parameter} is not a JSON object.", "参数 {parameter} 不是 JSON 对象。";
    // Of QUERY_TOO_COMPLEX.
    Depth = "DEPTH", "it nests fields {found} deep; the limit is {limit}.", "字段嵌套 {found} 层，上限 {limit}。";
    Aliases = "ALIASES", "it has {found} aliases; the limit is {limit}.", "别名有 {found} 个，上限 {limit}。";
    RootFields = "ROOT_FIELDS", "it has {found} fields at its root; the limit is {limit}.", "根字段有 {found} 个，上限 {limit}。";
    Directives = "DIRECTIVES", "it has {found} directives; the limit is {limit}.", "指令有 {found} 个，上限 {limit}。";
    Fields = "FIELDS", "it has {found} fields; the limit is {limit}.", "字段有 {found} 个，上限 {limit}。";
    Tokens = "TOKENS", "its text has more than {limit} tokens.", "文本超过 {limit} 个记号。";
    Brackets = "BRACKETS", "its brackets nest deeper than {limit}.", "括号嵌套超过 {limit} 层。";
    Cost = "COST", "it costs {found} points; the limit is {limit}.", "开销为 {found} 点，上限 {limit}。";
    // Of AMOUNT_INVALID.
    AmountTooSmall = "AMOUNT_TOO_SMALL", "it must be at least 1.", "至少为 1。";
    AmountTooLarge = "AMOUNT_TOO_LARGE", "it is larger than 1,000,000,000,000.", "超过 1,000,000,000,000。";
    GrantExpired = "GRANT_EXPIRED", "it would have expired already.", "有效期已过。";
    GraceGranted = "GRACE_GRANTED", "grace lots are made by releases alone.", "宽限积分只能由释放产生。";
    PriceOutOfRange = "PRICE_OUT_OF_RANGE", "the price is out of range.", "价格超出范围。";
}
