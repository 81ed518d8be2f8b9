use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::{intl, use_i18n};
use crate::reactive::memo;
use crate::screens::parts::words;
use crate::state::{AppState, SyncPhase};
use crate::ui::{Button, LinkButton, SheetRow, Toasts, live, lu, time};
use crate::{actions, routes, say, words};

/// What has not left this phone, and what can be done about it.
#[component]
pub fn QueueRow() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let queued = memo(move || app.sync.with(|sync| sync.counts.queued));
    let refused = memo(move || app.sync.with(|sync| sync.counts.refused));
    let paused = memo(move || app.sync.with(|sync| sync.phase == SyncPhase::Paused));
    let photos = app.photos.waiting;
    let waiting = move || match queued.get() {
        0 if photos.get() > 0 => String::new(),
        0 => say!(i18n, settings.queue_empty),
        count => say!(i18n, settings.queue_waiting, count = count),
    };
    let pictures = move || {
        let count = photos.get();
        (count > 0).then(|| view! { <p>{say!(i18n, settings.photos_waiting, count = count)}</p> })
    };
    let next = move || {
        let next = app.sync.with(|sync| sync.next_try)?;
        let when = time::ago(intl(i18n), next.0, app.now.get().0);
        (queued.get() > 0)
            .then(|| view! { <p class="small soft">{say!(i18n, settings.next_try, when = when)}</p> })
    };
    let not_accepted = move || {
        let count = refused.get();
        (count > 0).then(|| view! { <p>{say!(i18n, settings.queue_refused, count = count)}</p> })
    };
    let see = move || {
        (refused.get() > 0)
            .then(|| view! { <LinkButton label=words!(i18n, settings.see_refused) href=routes::RECORDS /> })
    };
    let way = move || {
        let elsewhere = app.backends(|all| all.first().is_some_and(|home| !home.destination.is_ours()));
        if paused.get() && elsewhere {
            return view! { <LinkButton label=words!(i18n, backends.see) href=routes::BACKENDS /> }
                .into_any();
        }
        if paused.get() {
            return view! { <LinkButton label=words!(i18n, settings.sign_in) href=routes::ENROL /> }
                .into_any();
        }
        let send = Callback::new(move |()| actions::send_now(app));
        view! { <Button label=words!(i18n, settings.send_now) icon=lu::LuArrowUp on_press=send /> }.into_any()
    };
    view! {
        <SheetRow heading=words!(i18n, settings.queue)>
            <div role="status">
                <p>{live(waiting)}</p>
                {live(pictures)}
                {live(next)}
                {live(not_accepted)}
            </div>
            <div class="btn-row">
                {live(way)} {live(see)} <ExportQueue />
                <LinkButton label=words!(i18n, carry.link) href=routes::CARRY icon=lu::LuHandHelping />
            </div>
        </SheetRow>
    }
    .into_any()
}

/// Everything that has not left the phone, as one file.
#[component]
fn ExportQueue() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let unsent = memo(move || app.sync.with(|sync| sync.counts.queued + sync.counts.refused));
    let export = Callback::new(move |()| {
        spawn_local(async move {
            let done = actions::export_unsent(app).await;
            toasts.say(|| match done {
                Ok(()) => say!(i18n, records.exported),
                Err(error) => words::store_error(i18n, &error),
            });
        });
    });
    live(move || {
        (unsent.get() > 0).then(
            || view! { <Button label=words!(i18n, settings.export) icon=lu::LuDownload on_press=export /> },
        )
    })
}
