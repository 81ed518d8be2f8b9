use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::form::Stands;
use waymark_core::event::{Body, EventId, Filled};
use waymark_core::sync::{OTHER_ORGANISATION, Refusal};
use waymark_core::view::{RecordState, RecordView, Step, StepKind};

use super::item::ItemParts;
use super::known::KnownThen;
use super::{AlarmTries, AnswerButton, RecordDetail, Try, may_answer, use_record, words};
use crate::actions::AlarmRef;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::state::AppState;
use crate::ui::{Banner, Button, LinkButton, SideTitle, Text, Toasts, Tone, focus, live, lu};
use crate::{actions, routes, say, words};

/// One record in full, with what can be done about it; `back` is the list it came from.
#[component]
pub fn RecordPage(
    id: Signal<Option<EventId>>,
    back: &'static str,
    back_label: Text,
    /// Nobody has chosen it: the list beside it keeps the focus and the heading of the page.
    #[prop(optional)]
    unasked: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let record = use_record(id);
    let which = memo(move || record.with(|record| record.as_ref().map(|view| view.id)));
    live(move || match which.get().and_then(|_| record.get_untracked()) {
        Some(first) => {
            let view = memo(move || record.get().unwrap_or_else(|| first.clone()));
            view! { <Found view back back_label unasked /> }.into_any()
        }
        None => view! {
            <div class="stack">
                <SideTitle text=words!(i18n, records.missing) unasked />
                <p>{words!(i18n, records.missing_text)}</p>
                <p>
                    <LinkButton label=back_label href=back />
                </p>
            </div>
        }
        .into_any(),
    })
}

#[component]
fn Found(view: Memo<RecordView>, back: &'static str, back_label: Text, unasked: bool) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let view_of = view;
    let title = move || view.with(|view| words::title(i18n, view));
    let refused = move || {
        view.with(|view| if let RecordState::Refused(why) = &view.state { Some(why.clone()) } else { None })
    };
    let trouble =
        move || refused().map(|why| view! { <Refused why id=view.with_untracked(|view| view.id) /> });
    let answer = move || {
        let view = view.get();
        may_answer(app, &view).then(|| view! { <AnswerButton view /> })
    };
    let movement = move || {
        let shown = view.with(RecordView::movement).and_then(|id| app.movements.get(id));
        shown.map(|movement| {
            view! { <a class="back" href=routes::movement(movement.id)>{movement.plan.plan.name.clone()}</a> }
        })
    };
    // The one of a movement has its place on that movement's page.
    let tries = move || {
        let of = view.with(AlarmRef::of);
        let alone = of.movement.is_none() && view.with(|view| words::is_alarm(view) && !view.mine);
        let since = derive(move || view.with(|view| view.received.unwrap_or(view.happened)));
        let tries = derive(move || view.with(tries_of));
        let open = RwSignal::new(false);
        let button = format!("try-{}", of.record);
        let back = button.clone();
        let on_open = Callback::new(move |()| open.set(true));
        let on_close = Callback::new(move |()| {
            open.set(false);
            focus(back.clone());
        });
        alone.then(|| {
            view! {
                <section class="stack">
                    <AlarmTries of since tries open on_open on_close button />
                </section>
            }
        })
    };
    let item = view.with_untracked(|view| {
        let filled = view.body.as_ref().and_then(Body::filled)?;
        Some(if is_item(view) {
            view! { <ItemParts id=view.id record=view_of /> }.into_any()
        } else {
            let ids = filled
                .record()
                .into_iter()
                .chain(filled.ends().into_iter().flat_map(|(one, two)| [one, two]));
            let link = |id| view! { <ItemLink id /> }.into_any();
            ids.map(link).collect::<Vec<_>>().into_any()
        })
    });
    let export = move || {
        let id = view.with(|view| view.id);
        // An item has a menu of its own for that, once the backend has it.
        let here = |view: &RecordView| {
            let unsent =
                matches!(view.state, RecordState::Queued | RecordState::Sending | RecordState::Refused(_));
            view.mine && (unsent || !is_item(view))
        };
        view.with(here).then(|| view! { <ExportButton id /> })
    };
    let decided = move || {
        view.with(|view| match &view.body {
            Some(Body::MovementDecided(decided)) => Some(view! { <KnownThen known=decided.known.clone() /> }),
            _ => None,
        })
    };
    view! {
        <article class="panel">
            <a class="back" href=back>
                {back_label}
            </a>
            <SideTitle text=derive(title) unasked />
            {live(movement)}
            {trouble}
            {item}
            <RecordDetail view />
            {live(decided)}
            <div class="btn-row">{live(answer)} {live(export)}</div>
            {tries()}
        </article>
    }
    .into_any()
}

fn is_item(view: &RecordView) -> bool {
    let form = view.body.as_ref().and_then(Body::filled).and_then(Filled::form);
    form.is_some_and(|form| form.stands == Stands::Alone)
}

/// The way to an item that a record says something about.
#[component]
fn ItemLink(id: EventId) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(actions::open_chain(app));
    let words = derive(move || match app.chain.item(id) {
        Some(item) => format!("{} · {}", super::forms::short(i18n, item.form), item.headline()),
        None => say!(i18n, report.gone),
    });
    view! {
        <p class="about-line">
            <a class="clip" dir="auto" href=routes::record(id)>{words}</a>
        </p>
    }
    .into_any()
}

fn tries_of(view: &RecordView) -> Vec<Try> {
    let tried = |step: &Step| match &step.kind {
        StepKind::Tried(tried) => {
            Some(Try { by: step.by.clone().unwrap_or_default(), at: step.at, tried: tried.clone() })
        }
        _ => None,
    };
    view.steps.iter().filter_map(tried).collect()
}

/// Why, what that means for the record, and the way on.
#[component]
fn Refused(why: Refusal, id: EventId) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let strange = why.code == OTHER_ORGANISATION;
    let title =
        derive(
            move || {
                if strange { say!(i18n, records.strange_title) } else { say!(i18n, records.refused_title) }
            },
        );
    let text = derive(move || {
        let refused = || say!(i18n, records.refused_text, why = words::why_refused(i18n, &why));
        if strange { say!(i18n, records.strange_text) } else { refused() }
    });
    let retry = Callback::new(move |()| {
        spawn_local(async move {
            let done = actions::retry(app, id).await;
            toasts.say(|| match done {
                Ok(()) => say!(i18n, records.retried),
                Err(error) => words::store_error(i18n, &error),
            });
        });
    });
    view! {
        <Banner tone=Tone::Danger icon=lu::LuOctagonX title text>
            <Button label=words!(i18n, records.retry) icon=lu::LuRotateCw on_press=retry />
        </Banner>
    }
    .into_any()
}

#[component]
fn ExportButton(id: EventId) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let export = Callback::new(move |()| {
        spawn_local(async move {
            let done = actions::export(app, &[id]).await;
            toasts.say(|| match done {
                Ok(()) => say!(i18n, records.exported),
                Err(error) => words::store_error(i18n, &error),
            });
        });
    });
    view! { <Button label=words!(i18n, records.export) icon=lu::LuDownload on_press=export /> }.into_any()
}
