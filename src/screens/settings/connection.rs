use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::backend::connection::Connection;

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::derive;
use crate::state::AppState;
use crate::ui::{Banner, Button, IconData, SheetRow, Tone, live, lu, time};
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
            let result = actions::test_connection(app).await;
            found.try_set(Some(result));
            testing.try_set(false);
        });
    });
    let label =
        derive(move || if testing.get() { say!(i18n, settings.testing) } else { say!(i18n, settings.test) });
    let result = move || {
        found.get().map(|found| {
            let (icon, tone) = face(&found);
            let title = {
                let found = found.clone();
                derive(move || title(i18n, &found))
            };
            view! { <Banner tone icon title text=derive(move || advice(i18n, &found)) /> }
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

fn face(found: &Connection) -> (IconData, Tone) {
    match found {
        Connection::Fine { .. } => (lu::LuCircleCheckBig, Tone::Accent),
        Connection::Offline | Connection::Unreachable => (lu::LuWifiOff, Tone::Warn),
        Connection::CaptivePortal => (lu::LuDoorOpen, Tone::Warn),
        Connection::SignIn => (lu::LuKeyRound, Tone::Danger),
        Connection::Cors | Connection::NotFound | Connection::Schema | Connection::ServerError(_) => {
            (lu::LuServerCrash, Tone::Danger)
        }
    }
}

fn title(i18n: I18n, found: &Connection) -> String {
    match found {
        Connection::Fine { .. } => say!(i18n, settings.fine),
        Connection::Offline => say!(i18n, settings.offline),
        // Our own server says none of the last three.
        Connection::Unreachable | Connection::Cors | Connection::NotFound | Connection::Schema => {
            say!(i18n, settings.unreachable)
        }
        Connection::CaptivePortal => say!(i18n, settings.portal),
        Connection::SignIn => say!(i18n, settings.signin),
        Connection::ServerError(status) => {
            let status = *status;
            say!(i18n, settings.server, status = status)
        }
    }
}

fn advice(i18n: I18n, found: &Connection) -> String {
    match found {
        Connection::Fine { .. } => say!(i18n, settings.fine_text),
        Connection::Offline => say!(i18n, settings.offline_text),
        Connection::Unreachable | Connection::Cors | Connection::NotFound | Connection::Schema => {
            say!(i18n, settings.unreachable_text)
        }
        Connection::CaptivePortal => say!(i18n, settings.portal_text),
        Connection::SignIn => say!(i18n, settings.signin_text),
        Connection::ServerError(_) => say!(i18n, settings.server_text),
    }
}
