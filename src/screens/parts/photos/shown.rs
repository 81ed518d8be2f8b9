use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Photo;
use waymark_core::sync::Standing;

use super::one::{bytes, picture, size, use_photo};
use crate::actions::{self, NotHere};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::state::AppState;
use crate::ui::{Button, live, lu, rows};
use crate::{say, words};

/// The photos of a record or an item, with what has become of each.
#[component]
pub fn Photos(#[prop(into)] photos: Signal<Vec<Photo>>) -> impl IntoView {
    let i18n = use_i18n();
    let some = memo(move || photos.with(|photos| !photos.is_empty()));
    // Their order never changes: others come behind.
    let each = move || photos.get().into_iter().enumerate().collect::<Vec<_>>();
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, report.photos)}</h2>
                    <ul class="photos">
                        {rows(
                            each,
                            |(_, photo)| photo.sha256,
                            move |(at, photo)| view! { <One photo nth=at + 1 /> },
                        )}
                    </ul>
                </section>
            }
        })
    })
}

/// How a photo stands, as far as it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Looking,
    /// It is not on this phone.
    Absent,
    Here(Standing),
    Sending(u32),
}

impl State {
    /// Tests and assistive tools read it.
    fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Looking => return None,
            Self::Absent => "absent",
            Self::Sending(_) => "sending",
            Self::Here(Standing::Draft | Standing::Waiting { .. }) => "waiting",
            Self::Here(Standing::Sent) => "sent",
            Self::Here(Standing::Refused(_)) => "refused",
            Self::Here(Standing::Fetched) => "fetched",
        })
    }

    fn words(&self, i18n: I18n) -> String {
        match self {
            Self::Looking => String::new(),
            Self::Absent => say!(i18n, photo.absent),
            Self::Sending(percent) => say!(i18n, photo.sending, percent = percent.to_string()),
            Self::Here(Standing::Draft | Standing::Waiting { .. }) => say!(i18n, photo.waiting),
            Self::Here(Standing::Sent) => say!(i18n, photo.sent),
            Self::Here(Standing::Refused(why)) => {
                let words = if why.detail.is_empty() { &why.code } else { &why.detail };
                say!(i18n, photo.refused, words = *words)
            }
            Self::Here(Standing::Fetched) => say!(i18n, photo.fetched),
        }
    }
}

#[component]
fn One(photo: Photo, nth: usize) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let sha256 = photo.sha256;
    let fetched = RwSignal::new(0_u32);
    let standing = RwSignal::new(State::Looking);
    effect(move || {
        app.records.revision.track();
        fetched.track();
        spawn_local(async move {
            let found = actions::photo_standing(app, &sha256).await;
            standing.try_set(found.map_or(State::Absent, State::Here));
        });
    });
    let state = memo(move || match app.photos.sending.get().filter(|photo| photo.sha256 == sha256) {
        Some(sending) => State::Sending(sending.percent),
        None => standing.get(),
    });
    let found = use_photo(photo.clone(), fetched.into());
    let refused = memo(move || matches!(state.get(), State::Here(Standing::Refused(_))));
    let retry = Callback::new(move |()| spawn_local(async move { actions::retry_photo(app, &sha256).await }));
    let again = move || {
        refused.get().then(|| {
            view! { <Button label=words!(i18n, records.retry) icon=lu::LuRotateCw on_press=retry /> }
        })
    };
    let absent = memo(move || state.get() == State::Absent);
    let measured = photo.clone();
    let get = move || {
        let photo = photo.clone();
        absent.get().then(|| view! { <Get photo nth fetched /> })
    };
    view! {
        <li data-photo=sha256.to_string() data-state=move || state.with(State::code)>
            {picture(found, derive(move || say!(i18n, photo.nth, number = nth.to_string())))}
            <p class="small soft">{derive(move || size(i18n, &measured))}</p>
            <p class="small" role="status">
                {derive(move || state.with(|state| state.words(i18n)))}
            </p>
            {live(again)}
            {live(get)}
        </li>
    }
    .into_any()
}

/// Somebody else's photo costs time and money to get: only when it is asked for.
#[component]
fn Get(photo: Photo, nth: usize, fetched: RwSignal<u32>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<NotHere>);
    let label = {
        let photo = photo.clone();
        derive(move || {
            let number = nth.to_string();
            if busy.get() {
                say!(i18n, photo.getting)
            } else {
                say!(i18n, photo.get, number = number, bytes = bytes(i18n, &photo))
            }
        })
    };
    let get = Callback::new(move |()| {
        let photo = photo.clone();
        busy.set(true);
        spawn_local(async move {
            let got = actions::fetch_photo(app, &photo).await;
            busy.try_set(false);
            match got {
                Ok(()) => fetched.try_update(|times| *times += 1).unwrap_or_default(),
                Err(why) => fault.try_set(Some(why)).map_or((), |_| ()),
            }
        });
    });
    let why = move || {
        fault.get().map(|fault| match fault {
            NotHere::Missing => say!(i18n, photo.missing),
            NotHere::SignIn => say!(i18n, photo.sign_in),
            NotHere::Unreachable => say!(i18n, photo.no_network),
            NotHere::NotTheBackend => say!(i18n, photo.portal),
        })
    };
    view! {
        <Button label icon=lu::LuDownload on_press=get busy />
        <p class="small" role="alert">
            {live(why)}
        </p>
    }
    .into_any()
}
