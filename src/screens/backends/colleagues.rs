//! The code with which a colleague's phone joins where nobody runs a server of ours.

use leptos::prelude::*;
use waymark_core::carry::frames::Sequence;
use waymark_core::rules::Role;
use waymark_core::sync::{BackendKind, Destination, Setup, SignIn};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::Codes;
use crate::screens::parts::words::role as role_word;
use crate::state::AppState;
use crate::ui::{Button, Choice, Choices, Field, Toasts, live, lu};
use crate::{actions, say, words};

#[component]
pub fn Colleagues() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let role = RwSignal::new(Role::Traveller);
    let own = untrack(|| app.person()).map(|person| person.areas.join(", ")).unwrap_or_default();
    let areas = RwSignal::new(own);
    let roles = derive(move || {
        let option = |role: Role| Choice {
            value: role.code().to_owned(),
            label: role_word(i18n, role),
            ..Choice::default()
        };
        Role::ALL.into_iter().map(option).collect()
    });
    let text = memo(move || {
        let person = app.person()?;
        let mut all =
            app.backends(|all| all.iter().map(|one| one.destination.clone()).collect::<Vec<_>>().into_iter());
        let home = all.next()?;
        let setup = Setup {
            org: person.org,
            org_name: person.org_name,
            role: role.get(),
            areas: areas.with(|areas| named(areas)),
            code: String::new(),
            home: Some(home).filter(|home| !home.is_ours()).map(for_others),
            mirrors: all.filter(|mirror| mirror.kind != BackendKind::Postgrest).collect(),
        };
        Some(setup.to_text())
    });
    let copy = Callback::new(move |()| {
        let Some(text) = text.get_untracked() else { return };
        leptos::task::spawn_local(async move {
            let copied = actions::copy_text(&text).await;
            toasts.say(|| if copied { say!(i18n, backends.copied) } else { say!(i18n, backends.not_copied) });
        });
    });
    let shown = RwSignal::new(false);
    let show = Callback::new(move |()| shown.set(true));
    let codes = move || {
        let sequence =
            shown.get().then(|| text.get()).flatten().and_then(|text| Sequence::new(&text).ok())?;
        let close = Callback::new(move |()| shown.set(false));
        Some(view! { <Codes sequence on_close=close /> })
    };
    view! {
        <section class="panel" data-part="colleagues">
            <h2>{words!(i18n, backends.colleagues)}</h2>
            <p class="soft">{words!(i18n, backends.colleagues_text)}</p>
            <span class="field-label" aria-hidden="true">
                {words!(i18n, settings.role)}
            </span>
            <Choices
                name="their-role"
                label=words!(i18n, settings.role)
                options=roles
                value=derive(move || role.get().code().to_owned())
                on_choose=Callback::new(move |code: String| {
                    if let Some(chosen) = Role::from_code(&code) {
                        role.set(chosen);
                    }
                })
            />
            <Field
                name="their-areas"
                label=words!(i18n, backends.areas)
                hint=words!(i18n, backends.areas_hint)
                value=areas
            />
            <label class="field-label" for="f-setup">
                {words!(i18n, backends.setup)}
            </label>
            <textarea
                class="control setup-text"
                id="f-setup"
                rows="4"
                readonly
                dir="ltr"
                prop:value=move || text.get().unwrap_or_default()
            ></textarea>
            <div class="btn-row">
                <Button label=words!(i18n, backends.copy) icon=lu::LuCopy on_press=copy />
                <Button label=words!(i18n, carry.show_codes) icon=lu::LuQrCode on_press=show />
            </div>
            {live(codes)}
        </section>
    }
    .into_any()
}

/// Names that are parted by commas, of any script.
fn named(text: &str) -> Vec<String> {
    let names = text.split([',', '،', ';']).map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// A token is of one person: each colleague needs one of their own.
fn for_others(home: Destination) -> Destination {
    if home.kind != BackendKind::Postgrest {
        return home;
    }
    Destination { sign_in: SignIn { secret: String::new(), ..home.sign_in }, ..home }
}
