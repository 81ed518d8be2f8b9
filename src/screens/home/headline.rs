use leptos::prelude::*;
use waymark_core::event::{Body, PeopleState};
use waymark_core::view::{RecordState, RecordView};

use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::say;
use crate::screens::parts::{RecordTrail, words};
use crate::state::AppState;
use crate::ui::{PageTitle, live};

/// What the base knows, never better than it is.
#[component]
pub fn Headline() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let latest = memo(move || find(app, |_| true));
    let title = move || {
        latest.with(|view| match view {
            Some(view) => said(i18n, app, view),
            None => say!(i18n, home.none),
        })
    };
    let text = move || {
        latest.with(|view| match view {
            Some(view) => below(i18n, app, view),
            None => say!(i18n, home.none_text),
        })
    };
    let trail = move || {
        latest.get().map(|view| {
            let code = view.state.code();
            view! {
                <div data-state=code>
                    <RecordTrail view=Signal::stored(view) />
                </div>
            }
        })
    };
    view! {
        <section class="stack">
            <div class="stack stack-tight">
                <PageTitle text=derive(title) class="headline" />
                <p role="status">{live(text)}</p>
            </div>
            {live(trail)}
        </section>
    }
    .into_any()
}

/// The newest own check-in of which `wanted` holds.
fn find(app: AppState, wanted: impl Fn(&RecordView) -> bool) -> Option<RecordView> {
    app.records.newest.with(|records| {
        let own =
            |view: &&RecordView| view.mine && matches!(view.body, Some(Body::CheckinMade(_))) && wanted(view);
        records.iter().find(own).cloned()
    })
}

fn is_with_base(view: &RecordView) -> bool {
    !matches!(view.state, RecordState::Queued | RecordState::Sending | RecordState::Refused(_))
}

fn said(i18n: I18n, app: AppState, view: &RecordView) -> String {
    let ago = words::ago(i18n, app, view);
    let Some(Body::CheckinMade(made)) = &view.body else { return String::new() };
    match (&made.people, is_with_base(view)) {
        (PeopleState::Safe, false) => say!(i18n, home.saved_safe, ago = ago),
        (PeopleState::Safe, true) => say!(i18n, home.told_safe, ago = ago),
        (PeopleState::NeedAssistance, false) => say!(i18n, home.saved_assistance, ago = ago),
        (PeopleState::NeedAssistance, true) => say!(i18n, home.told_assistance, ago = ago),
        (PeopleState::NotSafe, false) => say!(i18n, home.saved_not_safe, ago = ago),
        (PeopleState::NotSafe, true) => say!(i18n, home.told_not_safe, ago = ago),
        (_, false) => say!(i18n, home.saved_unknown, ago = ago),
        (_, true) => say!(i18n, home.told_unknown, ago = ago),
    }
}

/// Under the headline: its state in the words of the contract, and what the base last heard if that is older.
fn below(i18n: I18n, app: AppState, view: &RecordView) -> String {
    if is_with_base(view) {
        let (_, now) = words::when(app, view);
        return format!("{}. {}.", words::title(i18n, view), words::state(i18n, view, now));
    }
    let state = match view.state {
        RecordState::Refused(_) => say!(i18n, home.refused_text),
        _ => say!(i18n, home.unsent_text),
    };
    match find(app, is_with_base) {
        Some(before) => {
            let ago = words::ago(i18n, app, &before);
            let what = words::summary(i18n, &before);
            format!("{state} {}", say!(i18n, home.base_knows, ago = ago, what = what))
        }
        None => state,
    }
}
