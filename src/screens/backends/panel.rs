//! One backend: what it is, what it has taken, what can be done about it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::backend::connection::Connection;
use waymark_core::sync::{Destination, Tally, To};

use super::{Abilities, BackendForm, MIRRORS, naming, save_to};
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes;
use crate::screens::parts::connection_found;
use crate::screens::parts::words::store_error;
use crate::state::{AppState, BackendState};
use crate::ui::{Button, Chip, Icon, LinkButton, Toasts, Tone, live, lu, time};
use crate::{actions, say, words};

#[component]
pub fn Panel(to: To) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let state = memo(move || app.backends(|all| all.iter().find(|one| one.to == to).cloned()));
    let destination = memo(move || state.with(|state| state.as_ref().map(|state| state.destination.clone())));
    let tally = RwSignal::new(Tally::default());
    // Whatever was saved, sent or refused shows in the counts or in how the backend stands.
    effect(move || {
        app.sync.track();
        spawn_local(async move {
            if let Ok(all) = actions::tallies(app).await
                && let Some(own) = all.into_iter().find(|tally| tally.to == to)
            {
                tally.try_set(own);
            }
        });
    });
    let changing = RwSignal::new(false);
    let body = move || {
        destination.get().map(|destination| {
            if changing.get() {
                change(i18n, to, destination, changing).into_any()
            } else {
                view! { <Standing to destination state tally changing /> }.into_any()
            }
        })
    };
    view! { <section class="panel backend" data-part="backend" data-to=to.0.to_string()>{live(body)}</section> }
        .into_any()
}

fn change(i18n: I18n, to: To, destination: Destination, changing: RwSignal<bool>) -> impl IntoView {
    let save = save_to(Some(to), changing);
    let back = Callback::new(move |()| changing.set(false));
    let name = naming::name(i18n, &destination);
    view! {
        <h2>{name}</h2>
        <BackendForm
            before=destination
            kinds=MIRRORS
            is_mirror=to != To::HOME
            save_label=words!(i18n, backends.save)
            on_save=save
        />
        <Button label=words!(i18n, backends.back) on_press=back />
    }
}

#[component]
fn Standing(
    to: To,
    destination: Destination,
    state: Memo<Option<BackendState>>,
    tally: RwSignal<Tally>,
    changing: RwSignal<bool>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let kind = destination.kind;
    let (is_home, must, ours) = (to == To::HOME, destination.must, destination.is_ours());
    let name = {
        let destination = destination.clone();
        derive(move || naming::name(i18n, &destination))
    };
    let place = (!ours).then(|| {
        let address = destination.address.clone();
        view! { <p class="small soft"><span class="place-kind">{derive(move || naming::kind(i18n, kind))}</span> <bdi dir="ltr" class="address">{address}</bdi></p> }
    });
    let part = derive(move || if is_home { say!(i18n, backends.home) } else { say!(i18n, backends.mirror) });
    let needed = (must && !is_home)
        .then(|| view! { <Chip text=words!(i18n, backends.must) tone=Tone::Quiet icon=lu::LuLock /> });
    let queue = move || {
        let Tally { queued, known, .. } = tally.get();
        let sending = state.with(|state| state.as_ref().is_some_and(|state| state.sending));
        match queued {
            0 if known || is_home => say!(i18n, backends.has_all),
            0 => say!(i18n, backends.none_yet),
            count if sending => say!(i18n, sync.sending, count = count),
            count => say!(i18n, backends.waiting, count = count),
        }
    };
    let mark = move || {
        let Tally { queued, refused, known, .. } = tally.get();
        let trouble = state.with(|state| state.as_ref().is_some_and(|state| state.trouble.is_some()));
        match (queued, refused) {
            (_, 1..) => (lu::LuOctagonAlert, Tone::Danger),
            (0, 0) if known || is_home => (lu::LuCircleCheckBig, Tone::Accent),
            _ if trouble => (lu::LuCloudOff, Tone::Warn),
            _ => (lu::LuClock, Tone::Quiet),
        }
    };
    let refused = move || {
        let count = tally.get().refused;
        (count > 0).then(|| {
            view! {
                <p>{say!(i18n, backends.refused, count = count)}</p>
                <LinkButton label=words!(i18n, settings.see_refused) href=routes::RECORDS />
            }
        })
    };
    let trouble = move || {
        state.with(|state| {
            let trouble = state.as_ref()?.trouble.clone()?;
            Some(view! { <p>{naming::trouble(i18n, &trouble)}</p> })
        })
    };
    let heard = move || {
        let heard = state.with(|state| state.as_ref().and_then(|state| state.heard))?;
        let ago = time::ago(intl(i18n), heard.0, app.now.get().0);
        Some(view! { <p class="small soft">{say!(i18n, backends.heard, ago = ago)}</p> })
    };
    let found = RwSignal::new(None::<Connection>);
    view! {
        <header class="backend-head">
            <span class="row-mark"><Icon icon=naming::icon(kind) /></span>
            <div>
                <h2>{name}</h2>
                {place}
            </div>
            <div class="backend-part"><Chip text=part tone=Tone::Quiet icon=if is_home { lu::LuHouse } else { lu::LuCopy } /> {needed}</div>
        </header>
        <div class="backend-state" role="status" data-tone=move || mark().1.name()>
            {live(move || view! { <Icon icon=mark().0 /> })}
            <div><p class="strong">{live(queue)}</p> {live(trouble)} {live(refused)} {live(heard)}</div>
        </div>
        <Abilities kind is_home />
        <div role="status">{live(move || found.get().map(|found| connection_found(i18n, &found, ours, !is_home)))}</div>
        <Ways to destination found changing />
    }
    .into_any()
}

/// What can be done: test it, change how it is reached, take it away.
#[component]
fn Ways(
    to: To,
    destination: Destination,
    found: RwSignal<Option<Connection>>,
    changing: RwSignal<bool>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let testing = RwSignal::new(false);
    let asked = RwSignal::new(false);
    let ours = destination.is_ours();
    let test = Callback::new(move |()| {
        let destination = destination.clone();
        testing.set(true);
        spawn_local(async move {
            let result = actions::test_backend(app, &destination).await;
            found.try_set(Some(result));
            testing.try_set(false);
        });
    });
    let label =
        derive(move || if testing.get() { say!(i18n, settings.testing) } else { say!(i18n, settings.test) });
    let remove = Callback::new(move |()| {
        spawn_local(async move {
            let removed = actions::put_backend(app, Some(to), None).await;
            toasts.say(|| match removed {
                Ok(()) => say!(i18n, backends.removed),
                Err(error) => store_error(i18n, &error),
            });
        });
    });
    let change = (!ours).then(|| {
        let open = Callback::new(move |()| changing.set(true));
        view! { <Button label=words!(i18n, backends.change) icon=lu::LuPencil on_press=open /> }
    });
    let take_away = (to != To::HOME).then(|| {
        let ask = Callback::new(move |()| asked.set(true));
        live(move || {
            (!asked.get()).then(
                || view! { <Button label=words!(i18n, backends.remove) icon=lu::LuTrash2 on_press=ask /> },
            )
        })
    });
    let sure = move || {
        asked.get().then(|| {
            let keep = Callback::new(move |()| asked.set(false));
            view! {
                <div class="stack stack-tight">
                    <p>{words!(i18n, backends.remove_text)}</p>
                    <div class="btn-row">
                        <Button label=words!(i18n, backends.remove_sure) tone=Tone::Danger on_press=remove />
                        <Button label=words!(i18n, backends.back) on_press=keep />
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="btn-row">
            <Button label icon=lu::LuActivity on_press=test busy=testing /> {change} {take_away}
        </div>
        {live(sure)}
    }
    .into_any()
}
