use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::backend::connection::Connection;

use crate::i18n::{intl, use_i18n};
use crate::reactive::derive;
use crate::screens::parts::connection_found;
use crate::state::AppState;
use crate::ui::{Banner, Button, SheetRow, Tone, live, lu, time};
use crate::{actions, say, words};

/// Differences below this are nobody's business: phones drift.
const CLOCK_WORTH_SAYING_MS: i64 = 60_000;

/// Tells apart what a person can do something about.
#[component]
pub fn ConnectionRow() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let testing = RwSignal::new(false);
    let found = RwSignal::new(None::<Connection>);
    let test = Callback::new(move |()| {
        testing.set(true);
        spawn_local(async move {
            let result = actions::test_home(app).await;
            found.try_set(Some(result));
            testing.try_set(false);
        });
    });
    let label =
        derive(move || if testing.get() { say!(i18n, settings.testing) } else { say!(i18n, settings.test) });
    let result = move || {
        found.get().map(|found| {
            connection_found(
                i18n,
                &found,
                app.backends(|all| all.first().is_none_or(|home| home.destination.is_ours())),
                false,
            )
        })
    };
    let clock = move || {
        let off = app.sync.with(|sync| sync.clockoffset).filter(|off| off.abs() >= CLOCK_WORTH_SAYING_MS)?;
        let words = derive(move || say!(i18n, settings.clock_off, off = time::span(intl(i18n), off)));
        Some(view! { <Banner tone=Tone::Warn icon=lu::LuClock text=words /> })
    };
    view! {
        <SheetRow heading=words!(i18n, settings.connection)>
            {live(clock)}
            <div role="status">{live(result)}</div>
            <div class="btn-row">
                <Button label icon=lu::LuActivity on_press=test busy=testing />
            </div>
        </SheetRow>
    }
    .into_any()
}
