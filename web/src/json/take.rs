//! Tree to type, through serde's traits.

use std::slice::Iter;

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Expected, IntoDeserializer as _, MapAccess, SeqAccess, Unexpected,
    Visitor,
};

use super::{Flaw, Json};

const OTHER: Flaw = Flaw::new("not as expected:", "a value");

impl de::Error for Flaw {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        OTHER
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        OTHER
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        OTHER
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        OTHER
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("not as expected:", "a name")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("not as expected:", "a field")
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new("lacks", name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::new("has twice", name)
    }
}

impl Json {
    #[inline(never)]
    fn as_text(&self) -> Result<&str, Flaw> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Flaw::new("not as expected:", "text")),
        }
    }

    #[inline(never)]
    fn as_whole(&self) -> Result<i64, Flaw> {
        match self {
            Self::Whole(number) => Ok(*number),
            _ => Err(Flaw::new("not as expected:", "a whole number")),
        }
    }

    #[inline(never)]
    fn as_list(&self) -> Result<Elements<'_>, Flaw> {
        match self {
            Self::List(list) => Ok(Elements(list.iter())),
            _ => Err(Flaw::new("not as expected:", "a list")),
        }
    }

    #[inline(never)]
    fn as_record(&self) -> Result<Members<'_>, Flaw> {
        match self {
            Self::Record(members) => Ok(Members { left: members.iter(), value: &Self::Null }),
            _ => Err(Flaw::new("not as expected:", "an object")),
        }
    }
}

macro_rules! whole {
    ($($name:ident)+) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
            visitor.visit_i64(self.as_whole()?)
        }
    )+};
}

macro_rules! text {
    ($($name:ident)+) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
            visitor.visit_str(self.as_text()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for &'de Json {
    type Error = Flaw;

    whole! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32
    }
    text! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self {
            Json::Number(text) => visitor.visit_u64(text.parse().map_err(|_| OTHER)?),
            other => visitor.visit_i64(other.as_whole()?),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self {
            Json::Number(text) => visitor.visit_f64(text.parse().map_err(|_| OTHER)?),
            other => visitor.visit_i64(other.as_whole()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self {
            Json::Bool(value) => visitor.visit_bool(*value),
            _ => Err(Flaw::new("not as expected:", "a yes or no")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        visitor.visit_seq(self.as_list()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Flaw> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        visitor.visit_map(self.as_record()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let name: StrDeserializer<'_, Flaw> = self.as_text()?.into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        visitor.visit_unit()
    }

    /// For enums with a tag inside: they look before they know what they are.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        match self {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::Whole(number) => visitor.visit_i64(*number),
            Json::Number(_) => self.deserialize_u64(visitor),
            Json::Text(text) => visitor.visit_str(text),
            Json::List(_) => self.deserialize_seq(visitor),
            Json::Record(_) => self.deserialize_map(visitor),
        }
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit unit_struct }
}

/// What is left of an array.
struct Elements<'de>(Iter<'de, Json>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Flaw;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Flaw> {
        self.0.next().map(|value| seed.deserialize(value)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// What is left of an object.
struct Members<'de> {
    left: Iter<'de, (String, Json)>,
    value: &'de Json,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Flaw;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Flaw> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.value = value;
        let name: StrDeserializer<'_, Flaw> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Flaw> {
        seed.deserialize(self.value)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::json::read;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Thing {
        name: String,
        at_most: Option<u32>,
        #[serde(default)]
        inner: Vec<Vec<bool>>,
        kind: Kind,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        First,
    }

    #[test]
    fn a_type_takes_what_it_knows() {
        let text =
            r#"{"new":{"x":[1.5]},"name":"n","atMost":null,"inner":[[true],[]],"kind":"First"}"#;
        let expected = Thing {
            name: "n".into(),
            at_most: None,
            inner: vec![vec![true], vec![]],
            kind: Kind::First,
        };
        assert_eq!(read(text), Ok(expected));
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_named() {
        let said = |text| read::<Thing>(text).unwrap_err().to_string();
        assert_eq!(said(r#"{"kind":"First"}"#), "lacks name");
        assert_eq!(said(r#"{"name":1}"#), "not as expected: text");
        assert_eq!(said(r#"{"name":"n","name":"n"}"#), "has twice name");
        assert_eq!(said(r#"{"kind":"Second"}"#), "not as expected: a name");
        assert_eq!(said(r#"{"atMost":-1}"#), "not as expected: a value");
        assert_eq!(said("[]"), "not as expected: an object");
    }

    #[test]
    fn numbers_of_every_size_are_read() {
        assert_eq!(read::<u64>("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(read::<i64>("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(read::<f64>("0.25"), Ok(0.25));
        assert_eq!(read::<f64>("2"), Ok(2.0));
        assert!(read::<i32>("2147483648").is_err());
    }
}
