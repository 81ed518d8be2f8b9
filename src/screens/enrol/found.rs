use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::OrgId;
use waymark_core::rules::Role;
use waymark_core::sync::{BackendKind, Destination, Setup};

use super::trouble;
use crate::actions::{self, EnrolError};
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::routes::{self, Router};
use crate::screens::backends::BackendForm;
use crate::screens::parts::words::role as role_word;
use crate::state::AppState;
use crate::ui::{Banner, Choice, Choices, Field, Input, LinkButton, PageTitle, Tone, live, lu};
use crate::{say, words};

/// Those from which something comes back stand first.
const HOMES: &[BackendKind] = &[
    BackendKind::CouchDb,
    BackendKind::Postgrest,
    BackendKind::OpenRosa,
    BackendKind::WebDav,
    BackendKind::S3,
    BackendKind::Webhook,
];

/// The first phone of an organisation that has no server of ours.
#[component]
pub fn Found() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let (org, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(Role::Security);
    let tried = RwSignal::new(false);
    let failed = RwSignal::new(None::<EnrolError>);
    let missing = move |value: RwSignal<String>| {
        derive(move || {
            (tried.get() && value.with(|text| text.trim().is_empty())).then(|| say!(i18n, error.required))
        })
    };
    let begin = Callback::new(move |home: Destination| {
        tried.set(true);
        let (org, name) = (org.get_untracked().trim().to_owned(), name.get_untracked().trim().to_owned());
        if org.is_empty() || name.is_empty() {
            return;
        }
        failed.set(None);
        let setup = Setup {
            org: OrgId::named(&org),
            org_name: org,
            role: role.get_untracked(),
            areas: vec![],
            code: String::new(),
            home: Some(home),
            mirrors: vec![],
        };
        spawn_local(async move {
            match actions::join_by(app, setup, &name).await {
                Ok(()) => router.replace(routes::HOME),
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    });
    let fault = move || {
        failed.get().map(|error| {
            let text = derive(move || trouble::words(i18n, &error));
            view! { <Banner tone=Tone::Danger icon=lu::LuOctagonAlert text /> }
        })
    };
    let roles = derive(move || {
        let option = |role: Role| Choice {
            value: role.code().to_owned(),
            label: role_word(i18n, role),
            ..Choice::default()
        };
        Role::ALL.into_iter().map(option).collect()
    });
    view! {
        <div class="enrol">
            <PageTitle text=words!(i18n, enrol.no_server_title) class="headline" />
            <p class="soft">{words!(i18n, enrol.no_server_text)}</p>
            <Field name="org" label=words!(i18n, settings.org) value=org error=missing(org) />
            <Field
                name="name"
                label=words!(i18n, enrol.name)
                hint=words!(i18n, enrol.name_hint)
                value=name
                error=missing(name)
                input=Input::Name
            />
            <span class="field-label" aria-hidden="true">
                {words!(i18n, settings.role)}
            </span>
            <Choices
                name="role"
                label=words!(i18n, settings.role)
                options=roles
                value=derive(move || role.get().code().to_owned())
                on_choose=Callback::new(move |code: String| {
                    if let Some(chosen) = Role::from_code(&code) {
                        role.set(chosen);
                    }
                })
            />
            <BackendForm
                kinds=HOMES
                is_mirror=false
                save_label=words!(i18n, enrol.begin)
                on_save=begin
            />
            <div role="alert">{live(fault)}</div>
            <LinkButton label=words!(i18n, enrol.have_code) href=routes::ENROL />
        </div>
    }
    .into_any()
}
