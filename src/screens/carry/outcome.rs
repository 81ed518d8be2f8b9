use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::carry::BundleError;

use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::screens::parts::words;
use crate::state::{AppState, CarryOutcome, CarryTrouble, Stranger, TookIn};
use crate::ui::{Banner, Button, Tone, live, lu};
use crate::{actions, say, words};

/// What came of the last bundle.
#[component]
pub fn Outcome() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let outcome = memo(move || app.carry().with(|seen| seen.outcome.clone()));
    let busy = memo(move || app.carry().with(|seen| seen.busy));
    let shown = move || match outcome.get() {
        None if busy.get() => view! { <p class="soft">{words!(i18n, carry.reading)}</p> }.into_any(),
        None => ().into_any(),
        Some(CarryOutcome::Taken(took)) => taken(i18n, took),
        Some(CarryOutcome::Strangers { text, strangers }) => {
            view! { <Strangers text strangers /> }.into_any()
        }
        Some(CarryOutcome::Failed(error)) => trouble(i18n, &error),
    };
    view! { <div role="status" class="stack stack-tight" data-part="outcome">{live(shown)}</div> }
}

fn taken(i18n: I18n, took: TookIn) -> AnyView {
    let nothing = took.new + took.unseen + took.settled + took.refused == 0;
    let mut lines = vec![];
    if nothing {
        lines.push(say!(i18n, carry.took_nothing));
    }
    if took.new > 0 {
        lines.push(say!(i18n, carry.took, count = took.new));
    }
    if took.unseen > 0 {
        lines.push(say!(i18n, carry.took_unseen, count = took.unseen));
    }
    if took.known > 0 && !nothing {
        lines.push(say!(i18n, carry.took_known, count = took.known));
    }
    if took.settled > 0 {
        lines.push(say!(i18n, carry.settled, count = took.settled));
    }
    if took.refused > 0 {
        lines.push(say!(i18n, settings.queue_refused, count = took.refused));
    }
    let text = Signal::stored(lines.join(" "));
    let tone = if nothing { Tone::None } else { Tone::Accent };
    view! { <Banner tone icon=lu::LuCheck text /> }.into_any()
}

/// Keys that nobody vouches for: two people compare them, and nothing is taken in before.
#[component]
fn Strangers(text: String, strangers: Vec<Stranger>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let text = StoredValue::new(text);
    let take = Callback::new(move |()| {
        spawn_local(actions::take_in_text(app, text.get_value(), true));
    });
    let leave = Callback::new(move |()| actions::dismiss_outcome(app));
    let row = |own: Stranger| {
        view! {
            <div>
                <dt dir="auto">{own.name}</dt>
                <dd class="code" dir="ltr">{own.key}</dd>
            </div>
        }
    };
    view! {
        <div class="panel panel-tight stack stack-tight carry-strangers" data-part="strangers">
            <h3>{words!(i18n, carry.strangers)}</h3>
            <p>{words!(i18n, carry.strangers_text)}</p>
            <dl class="carry-keys">{strangers.into_iter().map(row).collect::<Vec<_>>()}</dl>
            <div class="btn-row">
                <Button label=words!(i18n, carry.compared) icon=lu::LuCheck on_press=take tone=Tone::Accent />
                <Button label=words!(i18n, carry.not_now) on_press=leave />
            </div>
        </div>
    }
    .into_any()
}

/// What is wrong, and what to do.
pub fn trouble(i18n: I18n, error: &CarryTrouble) -> AnyView {
    let text = Signal::stored(in_words(i18n, error));
    let title =
        Some(Signal::stored(say!(i18n, carry.failed))).filter(|_| matches!(error, CarryTrouble::Bundle(_)));
    let code = match error {
        CarryTrouble::Bundle(error) => error.code(),
        CarryTrouble::NoFile => "no_file",
        CarryTrouble::SignedOut => "signed_out",
        CarryTrouble::Store(_) => "store",
    };
    let banner = match title {
        Some(title) => view! { <Banner tone=Tone::Danger icon=lu::LuTriangleAlert title text /> }.into_any(),
        None => view! { <Banner tone=Tone::Danger icon=lu::LuTriangleAlert text /> }.into_any(),
    };
    view! { <div data-trouble=code>{banner}</div> }.into_any()
}

fn in_words(i18n: I18n, error: &CarryTrouble) -> String {
    let error = match error {
        CarryTrouble::Bundle(error) => error,
        CarryTrouble::NoFile => return say!(i18n, carry.no_file),
        CarryTrouble::SignedOut => return say!(i18n, carry.signed_out_text),
        CarryTrouble::Store(error) => return words::store_error(i18n, error),
    };
    match error {
        BundleError::NotABundle => say!(i18n, carry.not_a_bundle),
        BundleError::NewerVersion(_) => say!(i18n, carry.newer_version),
        BundleError::TooLarge => say!(i18n, carry.too_large),
        BundleError::Truncated => say!(i18n, carry.truncated),
        BundleError::Unreadable(_) => say!(i18n, carry.unreadable),
        BundleError::Changed(name) => say!(i18n, carry.changed, name = *name),
        BundleError::WrongAuthor(name) => say!(i18n, carry.wrong_author, name = *name),
        BundleError::ForeignOrganisation(_) => say!(i18n, carry.foreign),
        BundleError::OtherKey { name } => say!(i18n, carry.other_key, name = *name),
        BundleError::WrongCertificate(name) => say!(i18n, carry.wrong_certificate, name = *name),
    }
}
