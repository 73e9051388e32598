//! Quotes, launches, cancels, reads: what is made, what is refused, who wins a race.

mod cancel;
mod launch;
mod races;
mod reads;
mod refusals;
mod settle;
mod spending;
