use std::hash::Hash;
use std::sync::Arc;

use leptos::prelude::*;

/// A list whose rows stay as they are while others come and go; the same code for every list of a type.
pub fn rows<T, K, V>(
    each: impl Fn() -> Vec<T> + Send + 'static,
    key: fn(&T) -> K,
    row: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: Send + 'static,
    K: Eq + Hash + Send + 'static,
    V: IntoView + 'static,
{
    boxed(Box::new(each), key, Arc::new(move |item| row(item).into_any()))
}

type Row<T> = Arc<dyn Fn(T) -> AnyView + Send + Sync>;

#[inline(never)]
fn boxed<T, K>(each: Box<dyn Fn() -> Vec<T> + Send>, key: fn(&T) -> K, row: Row<T>) -> AnyView
where
    T: Send + 'static,
    K: Eq + Hash + Send + 'static,
{
    view! { <For each key children=move |item| row(item) /> }.into_any()
}
