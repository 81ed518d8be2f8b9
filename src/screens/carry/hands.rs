use leptos::prelude::*;

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::state::{Answered, AppState, CarriedFor, SyncPhase};
use crate::ui::{Button, Chip, Fold, Icon, Tone, live, lu, rows, time};
use crate::{actions, say, words};

/// For whom this phone carries records.
#[component]
pub fn Hands() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let some = memo(move || app.carry().with(|seen| !seen.carried.is_empty()));
    let online =
        memo(move || app.sync.with(|sync| !matches!(sync.phase, SyncPhase::Offline | SyncPhase::Paused)));
    let hand_over = Callback::new(move |()| actions::hand_over(app));
    let way = move || {
        online.get().then(|| {
            view! { <Button label=words!(i18n, carry.hand_over) icon=lu::LuArrowUp on_press=hand_over /> }
        })
    };
    let list = move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="carried">
                    <h2>{words!(i18n, carry.carried)}</h2>
                    <ul class="rows">
                        {rows(
                            move || app.carry().with(|seen| seen.carried.clone()),
                            key,
                            move |own| row(i18n, own),
                        )}
                    </ul>
                    <div class="btn-row">{live(way)}</div>
                </section>
            }
        })
    };
    live(list)
}

/// Drawn anew whenever anything of it is other.
fn key(own: &CarriedFor) -> String {
    format!("{} {} {:?}", own.device, own.records, own.trouble)
}

fn row(i18n: I18n, own: CarriedFor) -> AnyView {
    let app = AppState::get();
    let since = own.since;
    let when = derive(move || time::moment(intl(i18n), since.0, app.now.get().0));
    let records = own.records;
    let count = derive(move || say!(i18n, carry.records, count = records));
    let trouble = own.trouble.clone().map(|code| derive(move || refused(i18n, &code)));
    let state = match trouble {
        Some(text) => view! { <Chip text icon=lu::LuTriangleAlert tone=Tone::Warn /> }.into_any(),
        None => {
            view! { <Chip text=words!(i18n, carry.waits) icon=lu::LuClock tone=Tone::Quiet /> }.into_any()
        }
    };
    view! {
        <li class="row" data-device=own.device.0>
            <span class="row-mark">
                <Icon icon=lu::LuPackage />
            </span>
            <div>
                <p class="row-title" dir="auto">{own.name}</p>
                <p class="row-sub">{count}</p>
                {state}
            </div>
            <div class="row-end">
                <time>{when}</time>
            </div>
        </li>
    }
    .into_any()
}

/// Why the server would not have a parcel.
fn refused(i18n: I18n, code: &str) -> String {
    match code {
        "no_key" => say!(i18n, carry.refused_no_key),
        "wrong_key" => say!(i18n, carry.refused_wrong_key),
        "device_shut_out" => say!(i18n, carry.refused_shut_out),
        "unknown_device" => say!(i18n, carry.refused_unknown),
        _ => say!(i18n, carry.refused_other),
    }
}

/// What the server has said, on its way back.
#[component]
pub fn Answers() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let some = memo(move || app.carry().with(|seen| !seen.answered.is_empty()));
    let key = |own: &Answered| format!("{} {} {} {}", own.name, own.stored, own.refused, own.at.0);
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="answered">
                    <h2>{words!(i18n, carry.answered)}</h2>
                    <p class="small soft">{words!(i18n, carry.answered_text)}</p>
                    <ul class="rows">
                        {rows(
                            move || app.carry().with(|seen| seen.answered.clone()),
                            key,
                            move |own| answer(i18n, own),
                        )}
                    </ul>
                </section>
            }
        })
    })
}

fn answer(i18n: I18n, own: Answered) -> AnyView {
    let app = AppState::get();
    let when = derive(move || time::moment(intl(i18n), own.at.0, app.now.get().0));
    let (stored, refused) = (own.stored, own.refused);
    let has = derive(move || say!(i18n, carry.server_has, count = stored));
    let not = (refused > 0).then(|| {
        let text = derive(move || say!(i18n, settings.queue_refused, count = refused));
        view! { <Chip text icon=lu::LuTriangleAlert tone=Tone::Warn /> }
    });
    view! {
        <li class="row">
            <span class="row-mark" data-tone="accent">
                <Icon icon=lu::LuCheck />
            </span>
            <div>
                <p class="row-title" dir="auto">{own.name}</p>
                <p class="row-sub">{has}</p>
                {not}
            </div>
            <div class="row-end">
                <time>{when}</time>
            </div>
        </li>
    }
    .into_any()
}

/// By what others know this phone, where no server has told them.
#[component]
pub fn OwnKey() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let key = derive(move || app.carry().with(|seen| seen.key.clone()));
    let certified = memo(move || app.carry().with(|seen| seen.certified));
    let vouched = move || {
        if certified.get() { say!(i18n, carry.key_vouched) } else { say!(i18n, carry.key_text) }
    };
    view! {
        <Fold heading=words!(i18n, carry.key) holds=key>
            <p data-certified=move || certified.get().then_some("")>{live(vouched)}</p>
            <p class="carry-key code" dir="ltr">{key}</p>
        </Fold>
    }
    .into_any()
}
