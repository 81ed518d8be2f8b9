use leptos::prelude::*;
use waymark_core::sync::StoreError;

use crate::i18n::{intl, use_i18n};
use crate::reactive::derive;
use crate::screens::parts::words::store_error;
use crate::state::{AppState, UnsentLoss};
use crate::ui::{Banner, Button, Tone, live, lu, time};
use crate::{actions, say, words};

/// What every screen should know.
#[component]
pub fn Banners() -> impl IntoView {
    let app = AppState::get();
    view! {
        <div class="banners" aria-live="polite">
            {live(move || app.device.loss.get().map(|loss| view! { <Loss loss /> }))}
            {live(move || app.device.store_problem.get().map(|problem| view! { <Storage problem /> }))}
            {live(move || app.device.update_ready.get().then(|| view! { <Update /> }))}
        </div>
    }
    .into_any()
}

/// The browser has emptied the storage: how much was lost, and since when.
#[component]
fn Loss(loss: UnsentLoss) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let text = derive(move || match loss.since {
        Some(since) if loss.unsent > 0 => {
            let since = time::moment(intl(i18n), since.0, app.now.get().0);
            say!(i18n, banner.lost, count = loss.unsent, since = since)
        }
        _ => say!(i18n, banner.lost_nothing),
    });
    let dismiss = Callback::new(move |()| actions::dismiss_loss(app));
    let (tone, icon) =
        if loss.unsent > 0 { (Tone::Danger, lu::LuOctagonAlert) } else { (Tone::Warn, lu::LuTriangleAlert) };
    view! {
        <Banner tone icon title=words!(i18n, banner.lost_title) text>
            <Button label=words!(i18n, banner.understood) on_press=dismiss />
        </Banner>
    }
    .into_any()
}

#[component]
fn Storage(problem: StoreError) -> impl IntoView {
    let i18n = use_i18n();
    let text = derive(move || store_error(i18n, &problem));
    view! { <Banner tone=Tone::Danger icon=lu::LuOctagonAlert text /> }.into_any()
}

#[component]
fn Update() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let text = derive(move || {
        if app.device.open_forms.get() == 0 {
            say!(i18n, banner.update)
        } else {
            say!(i18n, banner.update_wait)
        }
    });
    let update = move || {
        let accept = Callback::new(move |()| actions::accept_update(app));
        (app.device.open_forms.get() == 0)
            .then(|| view! { <Button label=words!(i18n, banner.update_now) on_press=accept /> })
    };
    view! {
        <Banner tone=Tone::Accent icon=lu::LuRefreshCw text>
            {live(update)}
        </Banner>
    }
    .into_any()
}
