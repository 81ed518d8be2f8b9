//! The standards, for those who answer for them: what is published, who has it and has read it, what it should say next.

mod carriers;
mod changes;
mod progress;
mod proposals;
mod publish;
mod readings;
mod versions;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::rules::Role;
use waymark_core::sync::Trouble as Fault;

use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::Reading;
use crate::state::{AppState, StandardsTrouble};
use crate::ui::{Banner, Empty, LinkButton, PageTitle, Tone, live, lu};
use crate::{say, words};
use carriers::Carriers;
use proposals::Proposals;
use publish::Publish;
use readings::WhoHasRead;
use versions::Versions;

#[component]
pub fn Standards() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let role = memo(move || app.person().map(|person| person.role));
    live(move || {
        match role.get() {
        Some(role) if role.watches() => view! { <All central=role == Role::Central /> }.into_any(),
        _ => view! {
            <div class="page page-narrow">
                <PageTitle text=words!(i18n, standards.title) />
                <Empty title=words!(i18n, standards.not_allowed) text=words!(i18n, standards.not_allowed_text) />
                <LinkButton label=words!(i18n, guidance.title) href=routes::GUIDANCE icon=lu::LuBookOpen />
            </div>
        }
        .into_any(),
    }
    })
}

#[component]
fn All(central: bool) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(actions::open_guidance(app));
    spawn_local(actions::open_chain(app));
    spawn_local(actions::open_standards(app));
    let publish = central.then(|| view! { <Publish /> });
    view! {
        <div class="page">
            <div class="bar">
                <PageTitle text=words!(i18n, standards.title) />
                <LinkButton label=words!(i18n, guidance.title) href=routes::GUIDANCE icon=lu::LuBookOpen />
                <LinkButton label=words!(i18n, standards.sectors) href=routes::SECTORS icon=lu::LuChartColumn />
            </div>
            <p class="soft">{words!(i18n, standards.text)}</p>
            <Trouble />
            <Versions central />
            {publish}
            <Carriers />
            <Reading />
            <WhoHasRead />
            <Proposals central />
        </div>
    }
    .into_any()
}

/// Why the server has told nothing newer.
#[component]
fn Trouble() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let text = move || {
        let trouble = app.standards.with(|seen| seen.trouble.clone())?;
        let why = in_words(i18n, &trouble);
        let text = Signal::stored(say!(i18n, standards.unreached, why = why));
        Some(view! { <Banner tone=Tone::Warn icon=lu::LuTriangleAlert text /> })
    };
    view! { <div role="status" data-part="standards-trouble">{live(text)}</div> }
}

fn in_words(i18n: I18n, trouble: &StandardsTrouble) -> String {
    match trouble {
        StandardsTrouble::Unreached(trouble) => match trouble {
            Fault::NotTheBackend => say!(i18n, settings.portal),
            Fault::SignIn => say!(i18n, settings.signin),
            Fault::TooLarge => {
                crate::i18n::named(i18n, "refusals", "too_large").unwrap_or_default().to_owned()
            }
            Fault::Backend(status) => {
                let status = *status;
                say!(i18n, settings.server, status = status)
            }
            Fault::Unreachable | Fault::TimedOut | Fault::Busy | Fault::Storage => {
                say!(i18n, settings.unreachable)
            }
        },
        StandardsTrouble::NoRelease => say!(i18n, standards.no_release),
        StandardsTrouble::Refused(code, words) => {
            crate::i18n::named(i18n, "refusals", code).unwrap_or(words).to_owned()
        }
    }
}
