use leptos::prelude::*;

/// What changes with what it reads, as one type: Leptos makes code for every type of closure it is given.
pub fn live<T: Shown>(mut show: impl FnMut() -> T + Send + 'static) -> AnyView {
    erased(Box::new(move || show().shown()))
}

#[inline(never)]
fn erased(show: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
    show.into_any()
}

/// What [`live`] may show, as one type.
pub trait Shown: 'static {
    fn shown(self) -> AnyView;
}

impl Shown for AnyView {
    fn shown(self) -> AnyView {
        self
    }
}

impl Shown for String {
    fn shown(self) -> AnyView {
        self.into_any()
    }
}

impl Shown for &'static str {
    fn shown(self) -> AnyView {
        self.to_owned().into_any()
    }
}

impl<T> Shown for View<T>
where
    T: 'static,
    Self: IntoAny,
{
    fn shown(self) -> AnyView {
        self.into_any()
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(self) -> AnyView {
        self.map(T::shown).into_any()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(self) -> AnyView {
        self.into_iter().map(T::shown).collect::<Vec<_>>().into_any()
    }
}
