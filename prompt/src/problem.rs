//! What can be wrong, or worth saying, about a template, a selection or a sheet.
//!
//! A [`Problem`] carries everything a person and a program need: a closed [`Code`], where it is
//! (a [`Span`] in the template, a [`Place`] in the selection), and words in both languages.
//! The words live in `words/`, one function a problem; nothing outside this crate writes them.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+) => {
        /// The closed list of everything this crate reports. The text form is SCREAMING_SNAKE_CASE
        /// and never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $variant,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text form, as in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

codes! {
    // The template.
    /// The template has no text.
    EmptyTemplate = "EMPTY_TEMPLATE",
    /// More characters than `max_template_chars`.
    TemplateTooLong = "TEMPLATE_TOO_LONG",
    /// A control character other than tab, line feed and carriage return.
    ControlCharacter = "CONTROL_CHARACTER",
    /// A `{` without its `}`.
    UnclosedBrace = "UNCLOSED_BRACE",
    /// A `}` without its `{`.
    StrayClosingBrace = "STRAY_CLOSING_BRACE",
    /// `{}` or `{ }`.
    EmptyBraces = "EMPTY_BRACES",
    /// What stands between braces or double underscores cannot be a name.
    InvalidName = "INVALID_NAME",
    /// The name `take` belongs to the repeats.
    ReservedName = "RESERVED_NAME",
    /// `{red, green}`: commas where pipes belong.
    CommaGroup = "COMMA_GROUP",
    /// `__name` without its closing underscores.
    UnclosedAlias = "UNCLOSED_ALIAS",
    /// `${…}`, the variable of another language.
    DollarBrace = "DOLLAR_BRACE",
    /// `$$` that does not follow a count at the start of a group.
    CountMalformed = "COUNT_MALFORMED",
    /// A count that the options of its group cannot meet.
    CountOutOfRange = "COUNT_OUT_OF_RANGE",
    /// Two options of one group that read the same.
    DuplicateVariant = "DUPLICATE_VARIANT",
    /// More readings inside one group than `max_variants`.
    TooManyVariants = "TOO_MANY_VARIANTS",
    /// Groups within groups deeper than `max_depth`.
    TooDeep = "TOO_DEEP",
    /// Notice: a weight such as `0.5::` has no meaning when everything is made.
    WeightIgnored = "WEIGHT_IGNORED",
    /// Warning: a leading `~`, `!` or `@` is kept as text.
    SamplerKept = "SAMPLER_KEPT",
    /// Warning: a variable stands only in some options, so some prompts repeat.
    VariableNotAlwaysUsed = "VARIABLE_NOT_ALWAYS_USED",
    // The selection.
    /// A variable of the template that no list and no column gives.
    UnknownVariable = "UNKNOWN_VARIABLE",
    /// A list without values.
    EmptyList = "EMPTY_LIST",
    /// Two lists of one name.
    DuplicateList = "DUPLICATE_LIST",
    /// The same value twice in one list, or the same tuple twice in one zip group.
    DuplicateValue = "DUPLICATE_VALUE",
    /// A value longer than `max_value_chars`.
    ValueTooLong = "VALUE_TOO_LONG",
    /// More values in a list than `max_values_per_list`.
    TooManyValues = "TOO_MANY_VALUES",
    /// More lists, or more axes, than `max_axes`.
    TooManyAxes = "TOO_MANY_AXES",
    /// `takes` outside 1..=`max_takes`.
    TakesOutOfRange = "TAKES_OUT_OF_RANGE",
    /// A zip group of fewer than two lists.
    ZipTooSmall = "ZIP_TOO_SMALL",
    /// A zip group names a list that was not given.
    ZipUnknownList = "ZIP_UNKNOWN_LIST",
    /// The lists of a zip group differ in length.
    ZipUnequalLengths = "ZIP_UNEQUAL_LENGTHS",
    /// One variable in two zip groups, or in a list or zip group and in the rows.
    BoundTwice = "BOUND_TWICE",
    /// The number of combinations does not fit in 128 bits.
    SpaceOverflow = "SPACE_OVERFLOW",
    /// The longest prompt could pass `max_prompt_chars`.
    PromptTooLong = "PROMPT_TOO_LONG",
    /// Some combination would have a blank prompt.
    PromptMayBeBlank = "PROMPT_MAY_BE_BLANK",
    /// A sample of nothing.
    SampleEmpty = "SAMPLE_EMPTY",
    /// A sample algorithm number this version does not know.
    UnknownSampleAlgorithm = "UNKNOWN_SAMPLE_ALGORITHM",
    /// A pairwise sample of fewer than two axes.
    PairwiseOneAxis = "PAIRWISE_ONE_AXIS",
    /// A pairwise sample with more pairs than `max_pairs`, or exclusions too complex for one.
    PairwiseTooLarge = "PAIRWISE_TOO_LARGE",
    /// Notice: a list that the template does not use.
    UnusedList = "UNUSED_LIST",
    /// Warning: an empty value where one will be inserted.
    EmptyValue = "EMPTY_VALUE",
    /// Notice: the sample is as large as what there is.
    SampleCoversAll = "SAMPLE_COVERS_ALL",
    // The rows.
    /// A variable that neither a column nor a list gives.
    MissingColumn = "MISSING_COLUMN",
    /// Two columns of one name.
    DuplicateColumn = "DUPLICATE_COLUMN",
    /// A column without a name.
    EmptyColumnName = "EMPTY_COLUMN_NAME",
    /// A row with more or fewer cells than the header.
    RaggedRow = "RAGGED_ROW",
    /// A table without rows.
    EmptyRows = "EMPTY_ROWS",
    /// The same row twice.
    DuplicateRow = "DUPLICATE_ROW",
    /// More rows than `max_rows`.
    TooManyRows = "TOO_MANY_ROWS",
    /// More columns than `max_columns`.
    TooManyColumns = "TOO_MANY_COLUMNS",
    /// Notice: columns that the template does not use.
    UnusedColumns = "UNUSED_COLUMNS",
    /// Notice: the template uses no column, so the rows are left out.
    UnusedRows = "UNUSED_ROWS",
    /// Warning: rows that differ only in columns the template does not use.
    RowsRepeatPrompt = "ROWS_REPEAT_PROMPT",
    // The exclusions.
    /// An exclusion that is not `name=value & name=value`.
    ExclusionSyntax = "EXCLUSION_SYNTAX",
    /// An exclusion names what is no axis.
    ExclusionUnknownAxis = "EXCLUSION_UNKNOWN_AXIS",
    /// An exclusion names a value its axis does not have.
    ExclusionUnknownValue = "EXCLUSION_UNKNOWN_VALUE",
    /// One exclusion gives one variable two values.
    ExclusionContradicts = "EXCLUSION_CONTRADICTS",
    /// An exclusion names an inline group with more readings than `max_variants`.
    ExclusionAxisTooLarge = "EXCLUSION_AXIS_TOO_LARGE",
    /// More exclusions than `max_exclusions`.
    TooManyExclusions = "TOO_MANY_EXCLUSIONS",
    /// Together the exclusions need more than `max_nodes` nodes to count exactly.
    ExclusionsTooComplex = "EXCLUSIONS_TOO_COMPLEX",
    /// Nothing is left.
    EverythingExcluded = "EVERYTHING_EXCLUDED",
    /// Warning: an exclusion that no combination meets.
    ExclusionMatchesNothing = "EXCLUSION_MATCHES_NOTHING",
    // The sheet.
    /// A file without a header row.
    CsvEmpty = "CSV_EMPTY",
    /// A file of more bytes than `max_csv_bytes`.
    CsvTooLarge = "CSV_TOO_LARGE",
    /// Bytes that are no text in the encoding of the file.
    CsvUndecodable = "CSV_UNDECODABLE",
    /// A quoted cell that never ends.
    CsvUnclosedQuote = "CSV_UNCLOSED_QUOTE",
    /// Text between a closing quote and the next separator.
    CsvTextAfterQuote = "CSV_TEXT_AFTER_QUOTE",
    /// Notice: the encoding, when it is not plain UTF-8.
    CsvEncoding = "CSV_ENCODING",
    /// Notice: the separator, when it is not a comma.
    CsvSeparator = "CSV_SEPARATOR",
    /// Notice: rows with only empty cells were left out.
    CsvBlankRows = "CSV_BLANK_ROWS",
    /// Warning: a header with full-width separators was read as one column.
    CsvFullwidthSeparator = "CSV_FULLWIDTH_SEPARATOR",
    // All of them.
    /// There are more problems than `max_problems`.
    MoreProblems = "MORE_PROBLEMS",
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Nothing can be made until this is put right.
    Error,
    /// It can be made, but is probably not what was meant.
    Warning,
    /// Worth knowing.
    Notice,
}

/// A stretch of the template text as it was given (before full-width characters are read).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Line of the first character, from 1.
    pub line: usize,
    /// Column of the first character, in characters, from 1.
    pub column: usize,
    /// First UTF-16 unit: what a browser's `setSelectionRange` counts in.
    pub utf16_start: usize,
    /// The UTF-16 unit after the last.
    pub utf16_end: usize,
}

/// Where in a selection or a sheet a problem is. All numbers count from 1; rows count as a
/// spreadsheet shows them: the header is row 1, the first row of data is row 2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Place {
    /// The template as a whole.
    Template,
    /// The lists and groups together.
    Axes,
    /// A value list.
    List {
        /// Its number among the lists.
        list: usize,
        /// Its name.
        name: String,
        /// The value, if one is meant.
        value: Option<usize>,
    },
    /// A zip group.
    Zip {
        /// Its number among the groups.
        group: usize,
    },
    /// The rows, or one cell of them.
    Rows {
        /// The row.
        row: Option<usize>,
        /// The column.
        column: Option<usize>,
        /// The column's name where it has one.
        name: Option<String>,
    },
    /// The exclusions together.
    Exclusions,
    /// An exclusion.
    Exclusion {
        /// Its number among the exclusions.
        rule: usize,
        /// The character within its text.
        character: Option<usize>,
    },
    /// A file as a whole.
    File,
    /// The number of takes.
    Takes,
    /// The sample.
    Sample,
}

/// One thing that is wrong or worth saying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What it is, for programs.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Where in the template, if there.
    pub span: Option<Span>,
    /// Where in the selection or sheet, if there.
    pub place: Option<Place>,
    /// What it is, in English.
    pub en: String,
    /// What it is, in simplified Chinese.
    pub zh: String,
}

impl Problem {
    /// An error without a position yet.
    pub(crate) fn error(code: Code, en: impl Into<String>, zh: impl Into<String>) -> Self {
        let severity = Severity::Error;
        Self { code, severity, span: None, place: None, en: en.into(), zh: zh.into() }
    }

    pub(crate) fn warning(code: Code, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, en, zh) }
    }

    pub(crate) fn notice(code: Code, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { severity: Severity::Notice, ..Self::error(code, en, zh) }
    }

    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    pub(crate) fn within(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

/// Collects problems and notices, and stops keeping them (never counting them) at a limit, so
/// that a sheet of 50,000 broken rows is not answered with 50,000 sentences.
#[derive(Debug)]
pub(crate) struct Report {
    limit: usize,
    dropped: usize,
    errors: Vec<Problem>,
    notices: Vec<Problem>,
}

impl Report {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), dropped: 0, errors: Vec::new(), notices: Vec::new() }
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        let list = match problem.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning | Severity::Notice => &mut self.notices,
        };
        if list.len() < self.limit {
            list.push(problem);
        } else if problem.severity == Severity::Error {
            self.dropped += 1;
        }
    }

    /// How many errors were reported so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors.len() + self.dropped
    }

    /// The notices, or the errors if there are any.
    pub(crate) fn finish(mut self) -> Result<Vec<Problem>, Vec<Problem>> {
        if self.errors.is_empty() {
            return Ok(self.notices);
        }
        if self.dropped > 0 {
            let mut more = crate::words::more_problems(self.dropped);
            // They follow the last that is shown.
            if let Some(last) = self.errors.last() {
                (more.span, more.place) = (last.span, last.place.clone());
            }
            self.errors.push(more);
        }
        Err(self.errors)
    }
}
