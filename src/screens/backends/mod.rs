//! Where records go: the home, its mirrors, what each has taken, and the code with which others join.

mod colleagues;
mod form;
pub mod naming;
mod panel;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::sync::{BackendKind, Destination, MOST_MIRRORS, To};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::words::store_error;
use crate::state::AppState;
use crate::ui::{Button, LinkButton, PageTitle, Toasts, live, lu};
use crate::{actions, say, words};
use colleagues::Colleagues;
pub use form::{Abilities, BackendForm};
use panel::Panel;

/// Kinds that a phone can send to beside its home.
const MIRRORS: &[BackendKind] = &[
    BackendKind::WebDav,
    BackendKind::S3,
    BackendKind::CouchDb,
    BackendKind::Postgrest,
    BackendKind::OpenRosa,
    BackendKind::Webhook,
];

#[component]
pub fn Backends() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || app.backends(|all| all.iter().map(|one| one.to).collect::<Vec<_>>()));
    let panels = move || all.get().into_iter().map(|to| view! { <Panel to /> }).collect::<Vec<_>>();
    let may_add = memo(move || all.with(|all| all.len() <= MOST_MIRRORS));
    let shares = memo(move || {
        // A server of ours makes the codes to join it; only what else there is has to be added to one.
        let more =
            app.backends(|all| all.len() > 1 || all.first().is_some_and(|home| !home.destination.is_ours()));
        more && app.person().is_some_and(|person| person.role.watches())
    });
    view! {
        <div class="page page-narrow">
            <div class="bar">
                <PageTitle text=words!(i18n, backends.title) />
                <LinkButton label=words!(i18n, nav.settings) href=routes::SETTINGS icon=lu::LuSettings />
            </div>
            <p class="soft">{words!(i18n, backends.text)}</p>
            {live(panels)}
            {live(move || may_add.get().then(|| view! { <Add /> }))}
            {live(move || shares.get().then(|| view! { <Colleagues /> }))}
        </div>
    }
    .into_any()
}

#[component]
fn Add() -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let save = save_to(None, open);
    let body = move || {
        if open.get() {
            return view! {
                <section class="panel" data-part="add-backend">
                    <h2>{words!(i18n, backends.add)}</h2>
                    <BackendForm
                        kinds=MIRRORS
                        is_mirror=true
                        save_label=words!(i18n, backends.save_new)
                        on_save=save
                    />
                </section>
            }
            .into_any();
        }
        let unfold = Callback::new(move |()| open.set(true));
        view! { <Button label=words!(i18n, backends.add) icon=lu::LuPlus on_press=unfold /> }.into_any()
    };
    live(body)
}

/// Keeps a backend under its number, or as a new one, says so and closes its form. What is kept makes the form anew, so that
/// nothing of the form may be needed after that.
fn save_to(to: Option<To>, open: RwSignal<bool>) -> Callback<Destination> {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    Callback::new(move |destination: Destination| {
        spawn_local(async move {
            match actions::put_backend(app, to, Some(destination)).await {
                Ok(()) => {
                    toasts.say(|| say!(i18n, backends.saved));
                    open.try_set(false);
                }
                Err(error) => toasts.say(|| store_error(i18n, &error)),
            }
        });
    })
}

/// Where records go, in a line: for the settings.
pub fn in_a_line(app: AppState, i18n: crate::i18n::I18n) -> Signal<String> {
    derive(move || {
        app.backends(|all| {
            let names: Vec<String> = all.iter().map(|one| naming::name(i18n, &one.destination)).collect();
            names.join(" · ")
        })
    })
}
