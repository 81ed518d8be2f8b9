use leptos::prelude::*;
use waymark_core::event::form::form_named;

use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::routes;
use crate::screens::parts::forms;
use crate::ui::{Icon, PageTitle, Text, lu};
use crate::words;

/// What can be reported, by what happened and not by what it is called.
#[component]
pub fn Choose() -> impl IntoView {
    let i18n = use_i18n();
    let community = format!("{}/community", routes::REPORT);
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, report.title) />
            <p class="soft">{words!(i18n, report.text)}</p>
            <ul class="tiles">
                {tile("threat", words!(i18n, report.threat_for))} {tile("incident", words!(i18n, report.incident_for))}
                <li>
                    <a class="tile" href=community>
                        <span class="row-mark">
                            <Icon icon=lu::LuUsers />
                        </span>
                        <strong>{words!(i18n, report.community)}</strong>
                        <span class="soft">{words!(i18n, report.community_text)}</span>
                    </a>
                </li> {tile("risk", words!(i18n, report.risk_for))} {tile("lack", words!(i18n, report.lack_for))}
            </ul>
        </div>
    }
    .into_any()
}

/// What there is to say of a community.
#[component]
pub fn Community() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="page page-narrow">
            <a class="back" href=routes::REPORT>
                {words!(i18n, report.title)}
            </a>
            <PageTitle text=words!(i18n, report.community) />
            <ul class="tiles">
                {tile("heard", words!(i18n, report.heard_for))} {tile("consulted", words!(i18n, report.consulted_for))}
                {tile("acceptance", words!(i18n, report.acceptance_for))}
            </ul>
        </div>
    }
    .into_any()
}

fn tile(name: &'static str, text: Text) -> AnyView {
    let i18n = use_i18n();
    let Some(form) = form_named(name) else { return ().into_any() };
    let (icon, tone) = forms::face(&form.kind);
    view! {
        <li>
            <a class="tile" href=routes::report(name)>
                <span class="row-mark" data-tone=tone.name()>
                    <Icon icon />
                </span>
                <strong>{derive(move || forms::title(i18n, form))}</strong>
                <span class="soft">{text}</span>
            </a>
        </li>
    }
    .into_any()
}
