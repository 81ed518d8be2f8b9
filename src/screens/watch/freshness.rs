use leptos::prelude::*;
use waymark_core::event::Stamp;

use crate::i18n::{intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::state::{AppState, SyncPhase};
use crate::ui::{Banner, Chip, Tone, lu, time};
use crate::{say, words};

/// How old what is on this screen may be.
#[component]
pub fn Freshness() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let live = memo(move || app.live.with(|live| live.connected));
    let text = derive(move || {
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
    view! { <div role="status">{crate::ui::live(chip)}</div> }.into_any()
}

/// Longer without a word from the backend, and this screen shows the past.
const BLIND_MS: i64 = 120_000;
const OFFLINE_MS: i64 = 20_000;

/// Says plainly that nobody watches through a screen that hears nothing.
#[component]
pub fn BlindBanner() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let opened = app.now.get_untracked();
    let heard = move || {
        let contact = app.sync.with(|sync| sync.last_contact);
        app.live.with(|live| live.heard).max(contact)
    };
    let since: Memo<Option<Stamp>> = memo(move || {
        let since = heard().unwrap_or(opened);
        // Where it is known that there is no server, nobody need wait to be told.
        let offline = app.sync.with(|sync| sync.phase == SyncPhase::Offline);
        let patience = if offline { OFFLINE_MS } else { BLIND_MS };
        (app.now.get().ms_since(since) > patience).then_some(since)
    });
    crate::ui::live(move || {
        since.get().map(|since| {
            let text = derive(move || {
                say!(i18n, board.blind, time = time::moment(intl(i18n), since.0, app.now.get().0))
            });
            view! {
                <div role="alert">
                    <Banner tone=Tone::Danger icon=lu::LuEyeOff title=words!(i18n, board.blind_title) text />
                </div>
            }
        })
    })
}
