//! The code with which a colleague's phone joins and sends where this one does.

use leptos::prelude::*;
use waymark_core::carry::frames::Sequence;
use waymark_core::rules::Role;
use waymark_core::sync::{Destination, Setup, SignIn};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::Codes;
use crate::screens::parts::words::role as role_word;
use crate::state::AppState;
use crate::ui::{Button, Choice, Choices, Field, Input, Toasts, live, lu};
use crate::{actions, say, words};

/// Letters and digits of a one-time code of our server.
const CODE_SIGNS: usize = 12;

#[component]
pub fn Colleagues() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let role = RwSignal::new(Role::Traveller);
    let own = untrack(|| app.person()).map(|person| person.areas.join(", ")).unwrap_or_default();
    let areas = RwSignal::new(own);
    let code = RwSignal::new(String::new());
    // A server of ours says itself what whoever redeems its code may do.
    let served = memo(move || app.backends(|all| all.first().is_some_and(|home| home.destination.is_ours())));
    let roles = derive(move || {
        let option = |role: Role| Choice {
            value: role.code().to_owned(),
            label: role_word(i18n, role),
            ..Choice::default()
        };
        Role::ALL.into_iter().map(option).collect()
    });
    let code_error = derive(move || {
        let typed = code.with(|code| code.chars().filter(char::is_ascii_alphanumeric).count());
        (typed > 0 && typed != CODE_SIGNS).then(|| say!(i18n, backends.colleagues_code_wrong))
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
            code: code.with(|code| code.trim().to_owned()),
            home: Some(home).filter(|home| !home.is_ours()).map(for_others),
            mirrors: all.filter(Destination::is_for_all).collect(),
        };
        // Without its code nobody joins a server.
        let ready = setup.home.is_some() || !setup.code.is_empty() && code_error.get().is_none();
        ready.then(|| setup.to_text())
    });
    let choose = Callback::new(move |code: String| {
        if let Some(chosen) = Role::from_code(&code) {
            role.set(chosen);
        }
    });
    let who = move || {
        if served.get() {
            let label = words!(i18n, backends.colleagues_code);
            let hint = words!(i18n, backends.colleagues_code_hint);
            return view! { <Field name="their-code" label hint value=code error=code_error input=Input::Code /> }.into_any();
        }
        view! {
            <span class="field-label" aria-hidden="true">
                {words!(i18n, settings.role)}
            </span>
            <Choices
                name="their-role"
                label=words!(i18n, settings.role)
                options=roles
                value=derive(move || role.get().code().to_owned())
                on_choose=choose
            />
            <Field
                name="their-areas"
                label=words!(i18n, backends.areas)
                hint=words!(i18n, backends.areas_hint)
                value=areas
            />
        }
        .into_any()
    };
    let lead = derive(move || {
        if served.get() {
            say!(i18n, backends.colleagues_server)
        } else {
            say!(i18n, backends.colleagues_text)
        }
    });
    view! {
        <section class="panel" data-part="colleagues">
            <h2>{words!(i18n, backends.colleagues)}</h2>
            <p class="soft">{lead}</p>
            {live(who)}
            <Made text />
        </section>
    }
    .into_any()
}

/// The text, to copy and to scan, once there is one.
#[component]
fn Made(text: Memo<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = Toasts::find();
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
    let ready = memo(move || text.with(Option::is_some));
    let made = move || {
        ready.get().then(|| {
            view! {
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
            }
        })
    };
    view! { {live(made)} {live(codes)} }.into_any()
}

/// Names that are parted by commas, of any script.
fn named(text: &str) -> Vec<String> {
    let names = text.split([',', '،', ';']).map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// A token is of one person: each colleague needs one of their own.
fn for_others(home: Destination) -> Destination {
    if home.is_for_all() {
        return home;
    }
    Destination { sign_in: SignIn { secret: String::new(), ..home.sign_in }, ..home }
}
