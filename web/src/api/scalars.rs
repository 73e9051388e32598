//! Scalars and enums that several nouns share.

use serde::{Deserialize, Serialize};

use super::schema;

/// A whole number of up to 53 bits.
#[derive(cynic::Scalar, Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Long(pub i64);

/// A whole number of any size, as decimal text.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
pub struct BigInt(pub String);

/// A moment in RFC 3339, UTC.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
pub struct DateTime(pub String);

/// Live and test credits never meet.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real credits.
    Live,
    /// Play credits.
    Test,
}

/// Shape of a video.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// 16:9.
    Wide,
    /// 9:16.
    Tall,
    /// 1:1.
    Square,
}

impl Aspect {
    /// Every shape.
    pub const ALL: [Self; 3] = [Self::Wide, Self::Tall, Self::Square];

    /// As people write it.
    #[must_use]
    pub const fn ratio(self) -> &'static str {
        match self {
            Self::Wide => "16:9",
            Self::Tall => "9:16",
            Self::Square => "1:1",
        }
    }

    /// As the API spells it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wide => "WIDE",
            Self::Tall => "TALL",
            Self::Square => "SQUARE",
        }
    }
}

/// Lines of a video.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// 360 lines on the short side.
    #[cynic(rename = "P360")]
    P360,
    /// 720 lines on the short side.
    #[cynic(rename = "P720")]
    P720,
}

impl Resolution {
    /// Every resolution.
    pub const ALL: [Self; 2] = [Self::P360, Self::P720];

    /// As people write it.
    #[must_use]
    pub const fn lines(self) -> &'static str {
        match self {
            Self::P360 => "360p",
            Self::P720 => "720p",
        }
    }

    /// As the API spells it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::P360 => "P360",
            Self::P720 => "P720",
        }
    }
}

/// What a member may do; each may also do what the ones before it may.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads batches and files.
    Viewer,
    /// Also templates, quotes, launches; sees prices.
    Producer,
    /// Also members below owner.
    Admin,
    /// Also wallet and plan.
    Owner,
}

/// Where.
#[derive(cynic::QueryVariables, Debug)]
pub struct PlaceVariables {
    /// Which workspace.
    pub workspace: cynic::Id,
}

/// Where a list goes on.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct PageInfo {
    /// Whether there is more.
    pub has_next_page: bool,
    /// What to ask after.
    pub end_cursor: Option<String>,
}

macro_rules! as_text {
    ($($name:ident: $($variant:ident = $text:literal),+;)+) => {$(
        impl Serialize for Kept<$name> {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(match self.0 { $($name::$variant => $text,)+ })
            }
        }

        impl<'de> Deserialize<'de> for Kept<$name> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                match String::deserialize(from)?.as_str() {
                    $($text => Ok(Self($name::$variant)),)+
                    _ => Err(serde::de::Error::custom("not a known value")),
                }
            }
        }
    )+};
}

/// An enum of the API as a draft keeps it. (cynic's own serialisation is for variables only.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept<T>(pub T);

as_text! {
    Aspect: Wide = "WIDE", Tall = "TALL", Square = "SQUARE";
    Resolution: P360 = "P360", P720 = "P720";
}
