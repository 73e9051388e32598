//! Pictures, drawn by hand on a grid of 24.

use leptos::prelude::*;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Reel,
    Pen,
    Grid,
    Layers,
    Wallet,
    Search,
    Check,
    Download,
    Pause,
    Play,
    Stop,
    Again,
    Code,
    Swap,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Reel => {
                "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 6.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2M12 14.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2M8 10.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2M16 10.4a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2"
            }
            Self::Pen => {
                "M4 20l1-4.5L16.5 4a2 2 0 0 1 3 0l.5.5a2 2 0 0 1 0 3L8.500 19z M14.500 6l3.500 3.500"
            }
            Self::Grid => "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z",
            Self::Layers => {
                "M12 4l8.500 4.500L12 13L3.500 8.500zM4 12.500l8 4.500l8-4.500M4 16l8 4.500l8-4.500"
            }
            Self::Wallet => {
                "M4 7.500A2.500 2.500 0 0 1 6.500 5H18v3M4 7.500V17a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1V9a1 1 0 0 0-1-1H5.500M16 13.500h.500"
            }
            Self::Search => {
                "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 1 0 0-13M15.500 15.500L20 20"
            }
            Self::Check => "M5 12.500l4.500 4.500L19 7.500",
            Self::Download => "M12 4v11M7 10.500l5 5l5-5M5 20h14",
            Self::Pause => "M8 5v14M16 5v14",
            Self::Play => "M7 4.500v15l12-7.500z",
            Self::Stop => "M6 6h12v12H6z",
            Self::Again => "M19 12a7 7 0 1 1-2.300-5.200M17 3v4h-4",
            Self::Code => "M8.500 7L3.500 12l5 5M15.500 7l5 5l-5 5",
            Self::Swap => {
                "M4 8.500h13M13.500 5l3.500 3.500L13.500 12M20 15.500H7M10.500 12L7 15.500l3.500 3.500"
            }
        }
    }
}

/// A picture beside words; readers do not hear it.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            width="20"
            height="20"
        >
            <path d=glyph.path()></path>
        </svg>
    }
}
