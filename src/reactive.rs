//! Leptos' memos, derived signals and effects by what they give, not by their closures: it makes code for each type.

use leptos::prelude::{Effect, Memo, Signal};

/// A value that is worked out again when what it reads has changed, and tells when it is another.
pub fn memo<T>(work: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    boxed_memo(Box::new(work))
}

#[inline(never)]
fn boxed_memo<T>(work: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| work())
}

/// A value that is worked out whenever it is read.
pub fn derive<T: Send + Sync + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    boxed_signal(Box::new(work))
}

#[inline(never)]
fn boxed_signal<T: Send + Sync + 'static>(work: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
    Signal::derive(work)
}

/// Done now, and again when what it reads has changed.
pub fn effect(work: impl FnMut() + 'static) {
    boxed_effect(Box::new(work));
}

#[inline(never)]
fn boxed_effect(work: Box<dyn FnMut()>) {
    Effect::new(work);
}
