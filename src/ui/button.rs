use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;

use super::{Icon, IconData, Text, Tone};
use crate::reactive::effect;

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Plain,
    Big,
    /// The one action of a screen.
    Loud,
}

impl Size {
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Big => Some("big"),
            Self::Loud => Some("loud"),
        }
    }
}

const LONG_MS: f64 = 3_000.0;

/// Most saves are over before that: drawing the button twice would only make them wait for the screen.
const LOOKS_BUSY_AFTER: Duration = Duration::from_millis(150);

/// A button. While `busy` it keeps its place and focus but does nothing.
#[component]
pub fn Button(
    #[prop(into)] label: Text,
    on_press: Callback<()>,
    #[prop(optional)] icon: Option<IconData>,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] size: Size,
    /// The drawing above the words.
    #[prop(optional)]
    stacked: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    /// Instead of `on_press` when it was held for three seconds.
    #[prop(optional, into)]
    on_long_press: Option<Callback<()>>,
    /// Where the focus comes back to when what it opened is closed.
    #[prop(optional_no_strip, into)]
    id: Option<String>,
    /// What it acts on, for assistive tools, where the same label stands on the page more than once.
    #[prop(optional, into)]
    about: String,
) -> impl IntoView {
    let (pressed, long) = (StoredValue::new(f64::INFINITY), StoredValue::new(false));
    let press = move |_| {
        // The press that was long has had its effect.
        if !busy.get_untracked() && !long.try_update_value(std::mem::take).unwrap_or_default() {
            on_press.run(());
        }
    };
    let down = move |_| pressed.set_value(Date::now());
    let up = move |_| {
        if let Some(on_long_press) = on_long_press.filter(|_| Date::now() - pressed.get_value() > LONG_MS)
            && !busy.get_untracked()
        {
            long.set_value(true);
            // A click that follows comes at once.
            set_timeout(move || long.try_set_value(false).map_or((), |_| ()), Duration::from_millis(50));
            on_long_press.run(());
        }
    };
    let looks_busy = slowly(busy);
    view! {
        <button
            type="button"
            class="btn"
            id=id
            data-tone=tone.name()
            data-size=size.name()
            data-shape=stacked.then_some("stack")
            data-long=on_long_press.is_some().then_some("")
            aria-disabled=move || looks_busy.get().then_some("true")
            aria-description=(!about.is_empty()).then_some(about)
            on:click=press
            on:pointerdown=down
            on:pointerup=up
            on:contextmenu=move |event| {
                if on_long_press.is_some() {
                    event.prevent_default();
                }
            }
        >
            {icon.map(|icon| view! { <Icon icon /> })}
            <span>{label}</span>
        </button>
    }
    .into_any()
}

/// True once `busy` has been true for a while.
fn slowly(busy: Signal<bool>) -> RwSignal<bool> {
    let looks_busy = RwSignal::new(false);
    effect(move || {
        if !busy.get() {
            if looks_busy.get_untracked() {
                looks_busy.set(false);
            }
            return;
        }
        let look = move || {
            if busy.try_get_untracked() == Some(true) {
                looks_busy.try_set(true);
            }
        };
        set_timeout(look, LOOKS_BUSY_AFTER);
    });
    looks_busy
}

/// A link that looks like a button, for going somewhere.
#[component]
pub fn LinkButton(
    #[prop(into)] label: Text,
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<IconData>,
    #[prop(optional)] tone: Tone,
) -> impl IntoView {
    view! {
        <a class="btn" href=href data-tone=tone.name()>
            {icon.map(|icon| view! { <Icon icon /> })}
            <span>{label}</span>
        </a>
    }
    .into_any()
}
