use std::hash::Hash;
use std::sync::Arc;

use leptos::prelude::*;

use super::live;
use crate::reactive::memo;

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

/// As [`rows`], and a row that changes is drawn in its place: what has the focus keeps it, what is pressed has its click. For
/// short lists, as each row looks itself up.
pub fn changing_rows<T, K, V>(
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> K,
    row: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let all = memo(each);
    let row = Arc::new(move |item| row(item).into_any());
    let keys = move || all.with(|all| all.iter().map(key).collect());
    let drawn = move |own: K| {
        let item = memo(move || all.with(|all| all.iter().find(|item| key(item) == own).cloned()));
        let row = Arc::clone(&row);
        live(move || item.get().map(|item| row(item)))
    };
    rows(keys, K::clone, drawn)
}
