use leptos::prelude::*;
use waymark_core::exchange::Audience;
use waymark_core::rules::Role;

use super::words;
use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::derive;
use crate::say;
use crate::state::AppState;
use crate::ui::{Choice, Choices, Shape, live};
use crate::words;

/// That of whoever is signed in: what is chosen at first.
pub fn own_audience(app: AppState) -> Audience {
    app.person_untracked().map_or(Audience::Outside, |person| Audience::Organisation(person.role))
}

/// For whom a file or a report is made, and what is left out for them.
#[component]
pub fn AudiencePick(
    /// Unique on the page.
    name: String,
    chosen: RwSignal<Audience>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let options = derive(move || {
        let option = |audience: Audience| Choice {
            value: code(audience).to_owned(),
            label: choice_name(app, i18n, audience),
            ..Choice::default()
        };
        actions::audiences(app).into_iter().map(option).collect()
    });
    let choose = Callback::new(move |value: String| {
        let known = untrack(|| actions::audiences(app));
        if let Some(audience) = known.into_iter().find(|known| code(*known) == value) {
            chosen.set(audience);
        }
    });
    let text = move || {
        let own = app.person().map(|person| person.role);
        match chosen.get() {
            Audience::Outside => say!(i18n, export.outside_text),
            Audience::Organisation(role) if Some(role) != own => say!(i18n, export.role_text),
            Audience::Organisation(Role::Security | Role::Central) => say!(i18n, export.whole_text),
            Audience::Organisation(_) => say!(i18n, export.own_text),
        }
    };
    view! {
        <div class="field audience">
            <p class="field-label">{words!(i18n, export.audience)}</p>
            <Choices
                name
                label=words!(i18n, export.audience)
                options
                value=derive(move || code(chosen.get()).to_owned())
                on_choose=choose
                shape=Shape::Wide
            />
            <p class="field-hint" role="status">{live(text)}</p>
        </div>
    }
    .into_any()
}

fn code(audience: Audience) -> &'static str {
    match audience {
        Audience::Organisation(role) => role.code(),
        Audience::Outside => "outside",
    }
}

fn choice_name(app: AppState, i18n: I18n, audience: Audience) -> String {
    match audience {
        Audience::Outside => say!(i18n, export.outside),
        Audience::Organisation(role) if app.person().is_some_and(|person| person.role == role) => {
            say!(i18n, export.own)
        }
        Audience::Organisation(role) => say!(i18n, export.role, role = words::role(i18n, role)),
    }
}

/// What stands on a paper for them.
pub fn audience_name(i18n: I18n, audience: Audience) -> String {
    match audience {
        Audience::Outside => say!(i18n, situation.outside),
        Audience::Organisation(role) => say!(i18n, situation.internal, role = words::role(i18n, role)),
    }
}
