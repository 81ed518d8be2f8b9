use std::time::Duration;

use leptos::ev;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use super::{Icon, IconData, Size, Text, Tone};

/// As long as the fill in `button.css` takes.
const HOLD: Duration = Duration::from_secs(2);

/// A button for what must not happen by accident: it acts when held for two seconds.
///
/// Keyboards and screen readers cannot hold: their activation asks `on_keyboard` for another way to be sure.
#[component]
pub fn HoldButton(
    #[prop(into)] label: Text,
    icon: IconData,
    tone: Tone,
    /// True while it is held.
    holding: RwSignal<bool>,
    on_held: Callback<()>,
    on_short: Callback<()>,
    on_keyboard: Callback<()>,
    /// Id of the words that say how it works.
    described_by: &'static str,
) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
        holding.try_set(false);
    };
    let finish = move || {
        stop();
        on_held.run(());
    };
    let start = move |event: ev::PointerEvent| {
        if event.button() == 0 && !holding.get_untracked() {
            holding.set(true);
            timer.set_value(set_timeout_with_handle(finish, HOLD).ok());
        }
    };
    let let_go = move |_| {
        if holding.get_untracked() {
            stop();
            on_short.run(());
        }
    };
    // A click without a pointer counts no presses: it came from a key or an assistive tool.
    let click = move |event: ev::MouseEvent| {
        if event.detail() == 0 {
            on_keyboard.run(());
        }
    };
    on_cleanup(stop);
    view! {
        <button
            type="button"
            class="btn hold"
            data-tone=tone.name()
            data-size=Size::Big.name()
            data-shape="stack"
            data-holding=move || holding.get().then_some("")
            aria-describedby=described_by
            on:pointerdown=start
            on:pointerup=let_go
            on:pointerleave=let_go
            on:pointercancel=let_go
            on:contextmenu=|event| event.prevent_default()
            on:click=click
        >
            <Icon icon />
            <span>{label}</span>
        </button>
    }
    .into_any()
}
