//! What part of a grid is on the screen, looked at once a frame at most.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver as Sizes;

use crate::page::browser::document;

/// A place to look at a grid from, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// What is left and above, of the grid.
    pub from: (i32, i32),
    /// How much is seen.
    pub room: (i32, i32),
}

/// Whose scrolling moves the grid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scrolls {
    /// The page's.
    Page,
    /// Its own.
    Itself,
}

/// A grid and what is seen of it; cheap to copy.
#[derive(Clone, Copy)]
pub struct Looking {
    /// The grid's element.
    pub node: NodeRef<html::Div>,
    /// What is seen of it.
    pub sight: RwSignal<Sight>,
    scrolls: Scrolls,
    asked: StoredValue<bool>,
}

impl Looking {
    /// Looks until the grid is gone.
    pub fn new(scrolls: Scrolls) -> Self {
        let looking = Self {
            node: NodeRef::new(),
            sight: RwSignal::default(),
            scrolls,
            asked: StoredValue::new(false),
        };
        let scroll = window_event_listener(leptos::ev::scroll, move |_| looking.look());
        let resize = window_event_listener(leptos::ev::resize, move |_| looking.look());
        on_cleanup(move || {
            scroll.remove();
            resize.remove();
        });
        // At once when it is there: nothing is painted before its cells are.
        Effect::new(move |_| {
            looking.measure();
            looking.node.with(|node| looking.observe(node.as_deref()?))
        });
        looking
    }

    /// Looks again whenever the grid has another size: a screen that is turned tells of it before
    /// it is laid out, and a scroll bar that comes says nothing at all.
    fn observe(self, node: &web_sys::Element) -> Option<()> {
        let hear = Closure::<dyn FnMut()>::new(move || self.look());
        let observer = Sizes::new(hear.as_ref().unchecked_ref()).ok()?;
        observer.observe(node);
        let kept = StoredValue::new_local((observer, hear));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
        Some(())
    }

    /// Looks before the next frame.
    pub fn look(self) {
        if self.asked.try_update_value(|asked| std::mem::replace(asked, true)) == Some(false) {
            request_animation_frame(move || {
                self.asked.try_set_value(false);
                self.measure();
            });
        }
    }

    fn measure(self) {
        let Some(Some(node)) = self.node.try_get_untracked() else { return };
        let sight = match self.scrolls {
            Scrolls::Itself => Sight {
                from: (node.scroll_left(), node.scroll_top()),
                room: (node.client_width(), node.client_height()),
            },
            Scrolls::Page => {
                let height = web_sys::window().and_then(|window| window.inner_height().ok());
                let height = height.and_then(|height| height.as_f64()).unwrap_or_default() as i32;
                let top = node.get_bounding_client_rect().top() as i32;
                Sight { from: (0, -top), room: (node.client_width(), height) }
            }
        };
        if self.sight.try_get_untracked() != Some(sight) {
            self.sight.try_set(sight);
        }
    }
}

/// How high a letter is: sizes follow what the reader has set.
pub fn rem() -> i32 {
    let root = document().and_then(|document| document.document_element());
    let style = root.and_then(|root| web_sys::window()?.get_computed_style(&root).ok()?);
    let size = style.and_then(|style| style.get_property_value("font-size").ok());
    let digits = size.unwrap_or_default();
    digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).unwrap_or(16)
}

/// A length of style sheets.
pub fn px(length: i32) -> String {
    format!("{length}px")
}
