//! Records by hand: what goes along, what is taken in, and what became of it. For where there is no network.

mod give;
mod hands;
mod outcome;
mod take;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::use_i18n;
use crate::reactive::{effect, memo};
use crate::state::{AppState, SessionState};
use crate::ui::{Empty, LinkButton, PageTitle, live};
use crate::{actions, routes, words};
use give::Give;
use hands::{Answers, Hands, OwnKey};
use take::Take;

#[component]
pub fn Carry() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let signed_in = memo(move || app.session.with(|session| matches!(session, SessionState::SignedIn(_))));
    // Follows what is saved and what comes while it is open.
    effect(move || {
        app.records.revision.track();
        spawn_local(actions::open_carry(app));
    });
    let all = move || {
        if !signed_in.get() {
            return view! {
                <Empty title=words!(i18n, carry.signed_out) text=words!(i18n, carry.signed_out_text)>
                    <LinkButton label=words!(i18n, settings.sign_in) href=routes::ENROL />
                </Empty>
            }
            .into_any();
        }
        view! {
            <div class="carry-halves">
                <Give />
                <Take />
            </div>
            <Hands />
            <Answers />
            <OwnKey />
        }
        .into_any()
    };
    view! {
        <div class="page">
            <PageTitle text=words!(i18n, carry.title) />
            <p class="soft carry-lead">{words!(i18n, carry.text)}</p>
            {live(all)}
        </div>
    }
    .into_any()
}
