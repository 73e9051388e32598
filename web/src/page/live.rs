//! Parts of a view that change, all of one kind.
//!
//! The views' library compiles its machinery for every closure that is put into a view, a kilobyte
//! each; a boxed closure is one kind of closure, whatever is in it, and so is a list of boxed
//! parts. Attributes are shared by the library itself.

use std::sync::Arc;

use leptos::prelude::*;

/// A part that is made again whenever what it reads has changed.
pub type Live = Box<dyn FnMut() -> AnyView + Send>;

/// Makes one.
pub fn live<V: IntoAny>(part: impl Fn() -> V + Send + 'static) -> Live {
    Box::new(move || part().into_any())
}

/// A question whose answer changes.
#[derive(Clone)]
pub struct Test(Arc<dyn Fn() -> bool + Send + Sync>);

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for Test {
    fn from(test: F) -> Self {
        Self(Arc::new(test))
    }
}

/// Shows its children while something holds; they are kept while the answer stays the same.
#[component]
pub fn When(
    /// What has to hold.
    #[prop(into)]
    holds: Test,
    /// What is shown then.
    children: ChildrenFn,
    /// What is shown otherwise.
    #[prop(optional, into)]
    otherwise: ViewFn,
) -> impl IntoView {
    let holds = Memo::new(move |_| (holds.0)());
    live(move || if holds.get() { children() } else { otherwise.run() })
}

/// A part of a list: where it stands, and what it is about.
pub type Place = (usize, usize);

/// Parts that come and go one by one; a part is kept as long as its place is there.
pub fn each(
    places: impl Fn() -> Vec<Place> + Send + Sync + 'static,
    part: impl Fn(Place) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    boxed(Arc::new(places), Arc::new(part))
}

type Places = Arc<dyn Fn() -> Vec<Place> + Send + Sync>;
type Part = Arc<dyn Fn(Place) -> AnyView + Send + Sync>;

fn boxed(places: Places, part: Part) -> AnyView {
    view! { <For each=move || places() key=|place| *place children=move |place| part(place) /> }
        .into_any()
}
