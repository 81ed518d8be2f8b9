use leptos::prelude::*;

use crate::i18n::{intl, use_i18n};
use crate::say;
use crate::state::{AppState, SyncPhase};
use crate::ui::{Chip, Tone, lu, time};

/// How old what is on this screen may be.
#[component]
pub fn Freshness() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let live = Memo::new(move |_| app.live.with(|live| live.connected));
    let text = Signal::derive(move || {
        let (now, heard) = (app.now.get().0, app.live.with(|live| live.heard));
        let offline = app.sync.with(|sync| sync.phase == SyncPhase::Offline);
        match heard {
            _ if live.get() => say!(i18n, watch.live),
            None => say!(i18n, watch.never),
            Some(heard) if offline => {
                say!(i18n, watch.offline_since, time = time::moment(intl(i18n), heard.0, now))
            }
            Some(heard) => say!(i18n, watch.old, age = time::span(intl(i18n), now.saturating_sub(heard.0))),
        }
    });
    let chip = move || {
        let (icon, tone) =
            if live.get() { (lu::LuRadio, Tone::Accent) } else { (lu::LuCloudOff, Tone::Warn) };
        view! { <Chip text icon tone /> }
    };
    view! { <div role="status">{chip}</div> }.into_any()
}
