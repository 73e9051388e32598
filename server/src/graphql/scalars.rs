//! Scalars of the schema.
//!
//! `Int` is 32 bits by the specification, and clients generate code that believes it. Whatever can
//! grow past that (credits, bytes, revisions, ledger numbers) is a `Long`, within ±(2^53 − 1) so
//! that JavaScript reads it exactly; counts of combinations, up to 2^128, are decimal text.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use entity::values::{Credits, UnixMs};

use super::error::{Answer, invalid_input};
use crate::kernel::clock::rfc3339;
use crate::kernel::reason::Reason;

/// Largest integer that every JSON reader keeps exactly.
const MAX_EXACT: i64 = (1 << 53) - 1;

/// A whole number of up to 53 bits, as a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long(pub i64);

#[Scalar]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => match number.as_i64() {
                Some(whole) if (-MAX_EXACT..=MAX_EXACT).contains(&whole) => Ok(Self(whole)),
                _ => Err(InputValueError::custom("a whole number of up to 53 bits is wanted")),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::Number(number) if number.is_i64())
    }

    fn to_value(&self) -> Value {
        // Nothing stored comes near; a cut number is still better than one read wrongly.
        Value::from(self.0.clamp(-MAX_EXACT, MAX_EXACT))
    }
}

impl From<Credits> for Long {
    fn from(credits: Credits) -> Self {
        Self(credits.0)
    }
}

impl From<i64> for Long {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

/// A whole number of any size, as decimal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BigInt(pub u128);

#[Scalar]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.to_string())
    }
}

/// A moment: RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub UnixMs);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => {
                let stamp: jiff::Timestamp = text.parse()?;
                Ok(Self(UnixMs(stamp.as_millisecond())))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(rfc3339(self.0))
    }
}

impl From<UnixMs> for DateTime {
    fn from(at: UnixMs) -> Self {
        Self(at)
    }
}

/// A day of a calendar: `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub jiff::civil::Date);

#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            // The parser would also take moments and leave out their time.
            Value::String(text) if text.len() == 10 => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.to_string())
    }
}

/// Narrows a count that its own limit keeps small.
#[must_use]
pub fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

/// Reads an id of the wanted kind.
///
/// # Errors
/// `INVALID_INPUT` naming `field`.
pub fn id<Id: std::str::FromStr>(field: &'static str, text: &async_graphql::ID) -> Answer<Id> {
    text.parse().map_err(|_| invalid_input(field, Reason::NotAnId))
}
