//! Joining an organisation with a code; signing in again when the server has forgotten this phone.

mod found;
mod setup;
mod trouble;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::sync::{BackendKind, Destination, Setup, SetupError};

use crate::actions::{self, EnrolError};
use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::routes::{self, Router};
use crate::screens::parts::words::role;
use crate::screens::parts::{LanguageChoices, Scan};
use crate::state::{AppState, SyncPhase};
use crate::ui::{Banner, Button, Check, Field, Input, LinkButton, PageTitle, Size, Tone, live, lu};
use crate::{say, words};
use found::Found;
use setup::SetupSummary;

#[component]
pub fn Enrol() -> impl IntoView {
    let router = Router::get();
    let founds = memo(move || router.path() == routes::FOUND);
    live(move || if founds.get() { view! { <Found /> }.into_any() } else { view! { <Join /> }.into_any() })
}

#[component]
fn Join() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::hold_update(app);
    let again = untrack(|| app.person());
    let code = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<EnrolError>);
    // Also when a second link is opened in the same window.
    let router = Router::get();
    effect(move || {
        if let Some(linked) = code_of_link(&router.fragment()) {
            code.set(linked);
            failed.set(None);
        }
    });
    let name = RwSignal::new(again.as_ref().map(|person| person.name.clone()).unwrap_or_default());
    let again = again.is_some();
    // The server knows this phone still: nobody has to sign in, and a code would make somebody else of them.
    let signed_in = memo(move || again && app.sync.with(|sync| sync.phase != SyncPhase::Paused));
    let token = RwSignal::new(String::new());
    // Whoever scans a code to sign in again may not know that it leads elsewhere.
    let agreed = RwSignal::new(None::<String>);
    let replace =
        memo(move || agreed.with(|agreed| code.with(|code| agreed.as_deref() == Some(code.trim()))));
    let sending = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let join = Callback::new(move |()| {
        tried.set(true);
        let (code, name) = (code.get_untracked().trim().to_owned(), name.get_untracked().trim().to_owned());
        let held_back = again && !untrack(|| replace.get()) && Setup::from_text(&code).is_ok();
        if code.is_empty() || name.is_empty() || held_back || sending.get_untracked() {
            return;
        }
        sending.set(true);
        failed.set(None);
        spawn_local(async move {
            let joined = match Setup::from_text(&code) {
                Ok(mut setup) if wants_token(&setup) => {
                    if let Some(home) = &mut setup.home {
                        token.get_untracked().trim().clone_into(&mut home.sign_in.secret);
                    }
                    actions::join_by(app, setup, &name).await
                }
                Ok(setup) => actions::join_by(app, setup, &name).await,
                Err(SetupError::Other) => actions::enrol(app, &code, &name).await,
                Err(error) => Err(EnrolError::Setup(error)),
            };
            match joined {
                // The code has served; it does not stay in the address.
                Ok(()) => router.replace(routes::HOME),
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
            sending.try_set(false);
        });
    });
    let missing = move |value: RwSignal<String>| {
        derive(move || {
            (tried.get() && value.with(|text| text.trim().is_empty())).then(|| say!(i18n, error.required))
        })
    };
    let setup = memo(move || code.with(|code| Setup::from_text(code)).ok());
    let scanning = RwSignal::new(false);
    // These outlive the scanner, which is gone by the time that it has something to say.
    let read = Callback::new(move |text: String| {
        let linked = text.split_once('#').and_then(|(_, fields)| code_of_link(fields));
        _ = code.try_set(linked.unwrap_or(text));
    });
    let close = Callback::new(move |()| _ = scanning.try_set(false));
    let scanner = move || {
        if !scanning.get() {
            let scan = Callback::new(move |()| scanning.set(true));
            return view! { <Button label=words!(i18n, carry.scan) icon=lu::LuScanQrCode on_press=scan /> }
                .into_any();
        }
        view! { <Scan on_text=read on_other=read on_close=close /> }.into_any()
    };
    let joining = move || {
        let setup = setup.get()?;
        let own_token = wants_token(&setup).then(|| {
            view! {
                <Field
                    name="token"
                    label=words!(i18n, backends.token)
                    hint=words!(i18n, enrol.token_hint)
                    value=token
                    error=missing(token)
                    input=Input::Secret
                />
            }
        });
        let question = again.then(|| {
            let error =
                derive(move || (tried.get() && !replace.get()).then(|| say!(i18n, enrol.replace_first)));
            view! {
                <Check
                    name="replace"
                    label=words!(i18n, enrol.replace)
                    hint=words!(i18n, enrol.replace_hint)
                    checked=replace
                    on_change=Callback::new(move |yes: bool| {
                        agreed.set(yes.then(|| code.get_untracked().trim().to_owned()));
                    })
                    error
                />
            }
        });
        Some(view! { <SetupSummary setup /> {own_token} {question} })
    };
    // A text for another place says the role; of its own codes only the server knows, and so of tokens.
    let becomes = move || {
        let now = role(i18n, app.person().filter(|_| again)?.role);
        let named = setup.with(|setup| {
            setup.as_ref().filter(|own| own.home.is_some() && !wants_token(own)).map(|own| own.role)
        });
        let text = match named {
            Some(then) => say!(i18n, enrol.in_setup, now = now, then = role(i18n, then)),
            None if code.with(|code| code.trim().is_empty()) => return None,
            None => say!(i18n, enrol.in_setup_server, now = now),
        };
        Some(view! { <p data-part="becomes"><strong>{text}</strong></p> })
    };
    let fault = move || {
        failed.get().map(|error| {
            let text = derive(move || trouble::words(i18n, &error));
            view! { <Banner tone=Tone::Danger icon=lu::LuOctagonAlert text /> }
        })
    };
    view! {
        <div class="enrol">
            <Intro again signed_in />
            {live(joining)}
            <div role="status">{live(becomes)}</div>
            {live(scanner)}
            <Field
                name="code"
                label=words!(i18n, enrol.code)
                hint=words!(i18n, enrol.code_hint)
                value=code
                error=missing(code)
                input=Input::Code
                on_enter=join
            />
            <Field
                name="name"
                label=words!(i18n, enrol.name)
                hint=words!(i18n, enrol.name_hint)
                value=name
                error=missing(name)
                input=Input::Name
                on_enter=join
            />
            <div role="alert">{live(fault)}</div>
            <Button
                label=derive(move || match (sending.get(), again) {
                    (true, _) => say!(i18n, enrol.joining),
                    (false, true) if signed_in.get() => say!(i18n, enrol.use_code),
                    (false, true) => say!(i18n, enrol.sign_in),
                    (false, false) => say!(i18n, enrol.join),
                })
                on_press=join
                busy=sending
                tone=Tone::Accent
                size=Size::Big
            />
            {(!again)
                .then(|| view! { <LinkButton label=words!(i18n, enrol.no_server) href=routes::FOUND /> })}
            {(!again).then(|| view! { <LanguageChoices /> })}
        </div>
    }
    .into_any()
}

/// Where each person has a token of their own, the set-up text has none.
fn wants_token(setup: &Setup) -> bool {
    let of = |home: &Destination| home.kind == BackendKind::Postgrest && home.sign_in.secret.is_empty();
    setup.home.as_ref().is_some_and(of)
}

/// `/enrol#code=…`: the fragment never travels to a server.
fn code_of_link(hash: &str) -> Option<String> {
    let fields = hash.split('&');
    fields.filter_map(|field| field.strip_prefix("code=")).map(str::to_owned).next()
}

#[component]
fn Intro(again: bool, signed_in: Memo<bool>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let unsent = memo(move || app.sync.with(|sync| sync.counts.queued));
    if !again {
        return view! {
            <div class="brand">
                <span class="blaze" aria-hidden="true"></span>
                <span class="brand-name">"Waymark"</span>
            </div>
            <PageTitle text=words!(i18n, enrol.title) class="headline" />
            <p class="soft">{words!(i18n, enrol.text)}</p>
        }
        .into_any();
    }
    // The heading stays when this changes: it would take the focus from whoever types.
    let title =
        derive(
            move || {
                if signed_in.get() { say!(i18n, enrol.in_title) } else { say!(i18n, enrol.again_title) }
            },
        );
    let text = move || match (signed_in.get(), unsent.get()) {
        (true, _) => app.person().map_or_else(String::new, |person| {
            let role = role(i18n, person.role);
            say!(i18n, enrol.in_text, name = person.name, role = role, org = person.org_name)
        }),
        (false, 0) => say!(i18n, enrol.again_none),
        (false, count) => say!(i18n, enrol.again, count = count),
    };
    let way = derive(
        move || {
            if signed_in.get() { say!(i18n, enrol.in_code) } else { say!(i18n, enrol.again_code) }
        },
    );
    view! {
        <PageTitle text=title class="headline" />
        <p>{live(text)}</p>
        <p class="soft">{way}</p>
    }
    .into_any()
}
