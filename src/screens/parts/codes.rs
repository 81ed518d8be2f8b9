use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use waymark_core::carry::frames::Sequence;
use waymark_core::carry::qr::{Picture, QUIET, SIDE};

use crate::i18n::use_i18n;
use crate::reactive::{derive, effect};
use crate::ui::{Button, live, lu, show_whole};
use crate::{say, words};

/// How long each code stands, in milliseconds, the slowest first. Nothing on a screen is to flash more than three times a
/// second unless somebody wants it to.
const PACES: [u64; 4] = [800, 350, 200, 120];
const FIRST_PACE: usize = 1;

/// A bundle as a sequence of codes that goes on until it is closed: whoever scans may begin anywhere and miss any.
#[component]
pub fn Codes(sequence: Sequence, on_close: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let least = sequence.least();
    let sequence = StoredValue::new(sequence);
    let number = RwSignal::new(0_u16);
    let pace = RwSignal::new(FIRST_PACE);
    let running = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = running.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    effect(move || {
        stop();
        // One code alone stands still.
        if least > 1 {
            let next = move || _ = number.try_update(|number| *number = number.wrapping_add(1));
            let every = Duration::from_millis(PACES[pace.get()]);
            running.set_value(set_interval_with_handle(next, every).ok());
        }
    });
    on_cleanup(stop);
    let path = move || {
        let frame = sequence.with_value(|sequence| sequence.frame(number.get()));
        Picture::of(&frame).map(|picture| picture.path()).unwrap_or_default()
    };
    let side = SIDE + 2 * QUIET;
    let view_box = format!("0 0 {side} {side}");
    let slower = Callback::new(move |()| pace.update(|pace| *pace = pace.saturating_sub(1)));
    let faster = Callback::new(move |()| pace.update(|pace| *pace = (*pace + 1).min(PACES.len() - 1)));
    let paces = (least > 1).then(|| {
        view! {
            <Button label=words!(i18n, carry.slower) icon=lu::LuMinus on_press=slower />
            <Button label=words!(i18n, carry.faster) icon=lu::LuPlus on_press=faster />
        }
    });
    let part = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(part) = part.get() {
            show_whole(part.into());
        }
    });
    view! {
        <div node_ref=part class="stack stack-tight carry-codes" data-part="codes" data-least=least>
            <p>{words!(i18n, carry.codes_text)}</p>
            <svg
                class="carry-code"
                viewBox=view_box
                role="img"
                aria-label=derive(move || say!(i18n, carry.codes, count = least))
                shape-rendering="crispEdges"
            >
                <rect width=side height=side fill="#fff" />
                <path fill="#000" d=path />
            </svg>
            <p class="small soft">{live(move || say!(i18n, carry.codes, count = least))}</p>
            <div class="btn-row">
                {paces} <Button label=words!(i18n, carry.close) icon=lu::LuX on_press=on_close />
            </div>
        </div>
    }
    .into_any()
}
