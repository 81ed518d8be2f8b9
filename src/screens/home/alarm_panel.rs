use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{Body, EmergencyDraft, EmergencyReason};
use waymark_core::guidance::Moment;
use waymark_core::view::{RecordState, RecordView, sms};

use crate::actions::{self, AlarmRef, Raised};
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::{RecordTrail, ResolveForm, guide, words};
use crate::state::{AppState, SyncPhase};
use crate::ui::{Button, Chip, LinkButton, PageTitle, Tone, live, lu, time};
use crate::{say, words};

/// An emergency of this phone that is not over: who knows, who is on it, and how to end it.
#[component]
pub fn AlarmPanel(#[prop(into)] alarm: Signal<RecordView>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let ending = RwSignal::new(None::<EmergencyReason>);
    let title = move || alarm.with(|alarm| title(i18n, &alarm.state));
    let paused = move || app.sync.with(|sync| sync.phase == SyncPhase::Paused);
    let text = move || alarm.with(|alarm| text(i18n, &alarm.state, paused()));
    let raised = move || {
        let (at, now) = alarm.with(|alarm| words::when(app, alarm));
        say!(
            i18n,
            alarm.raised,
            time = time::moment(intl(i18n), at, now),
            ago = alarm.with(|alarm| words::ago(i18n, app, alarm))
        )
    };
    let end = move |reason: EmergencyReason| Callback::new(move |()| ending.set(Some(reason.clone())));
    let foot = move || match ending.get() {
        Some(reason) => {
            let on_close = Callback::new(move |()| ending.set(None));
            let of = alarm.with_untracked(AlarmRef::of);
            view! { <ResolveForm of reason on_close /> }.into_any()
        }
        None => view! {
            <div class="pair">
                <Button label=words!(i18n, alarm.false_alarm) on_press=end(EmergencyReason::FalseAlarm) />
                <Button label=words!(i18n, alarm.over) on_press=end(EmergencyReason::Unstated) />
            </div>
        }
        .into_any(),
    };
    let fits = guide::at(move || {
        let reason = alarm.with(|alarm| match &alarm.body {
            Some(Body::EmergencyRaised(raised)) => raised.reason.code().to_owned(),
            _ => String::new(),
        });
        vec![Moment::new("emergency", &reason)]
    });
    view! {
        <section class="panel panel-alarm" data-state=move || alarm.with(|alarm| alarm.state.code())>
            <div class="stack stack-tight" role="status">
                {live(move || {
                    let drill = alarm.with(|alarm| alarm.exercise);
                    drill.then(|| view! { <Chip text=words!(i18n, records.exercise) icon=lu::LuGraduationCap tone=Tone::Accent /> })
                })}
                <PageTitle text=derive(title) class="headline" />
                <p>{live(text)}</p>
                <p class="small soft">{live(raised)}</p>
            </div>
            <InEarnest alarm />
            <TextMessage alarm />
            <RecordTrail view=alarm />
            {live(foot)}
            <guide::Offered now=fits />
        </section>
    }
    .into_any()
}

/// In the middle of a drill something real may happen.
#[component]
fn InEarnest(alarm: Signal<RecordView>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let drill = memo(move || alarm.with(|alarm| alarm.exercise));
    let raise = Callback::new(move |()| {
        // Not in the exercise: there it would look like one.
        let real = untrack(|| app.my_movement().get()).filter(|movement| !movement.exercise);
        let draft =
            EmergencyDraft { movement: real.map(|movement| movement.id), ..EmergencyDraft::default() };
        spawn_local(async move {
            // What keeps it from being saved shows above every screen.
            let _ = actions::raise_emergency(app, draft, Raised::InEarnest).await;
        });
    });
    let button = move || {
        drill.get().then(|| {
            view! { <Button label=words!(i18n, alarm.in_earnest) icon=lu::LuSiren tone=Tone::Danger on_press=raise /> }
        })
    };
    live(button)
}

/// As long as it has not left the phone: the same in a text message, which needs no data.
#[component]
fn TextMessage(alarm: Signal<RecordView>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let unsent = memo(move || {
        alarm.with(|alarm| {
            matches!(alarm.state, RecordState::Queued | RecordState::Sending | RecordState::Refused(_))
        })
    });
    live(move || {
        unsent.get().then(|| {
            let text = alarm.with_untracked(|alarm| {
                let movement = alarm.movement().and_then(|id| untrack(|| app.movements.get(id)));
                sms(alarm, movement.as_deref())
            });
            let href = actions::sms_link(&text);
            view! {
                <div class="stack stack-tight">
                    <LinkButton label=words!(i18n, alarm.sms) href icon=lu::LuMessageSquare />
                    <p class="small soft">{words!(i18n, alarm.sms_text)} " " <span class="code" dir="ltr">{text}</span></p>
                </div>
            }
        })
    })
}

fn title(i18n: I18n, state: &RecordState) -> String {
    match state {
        RecordState::Queued | RecordState::Sending | RecordState::Refused(_) => say!(i18n, alarm.title_saved),
        RecordState::Stored => say!(i18n, alarm.title_sent),
        RecordState::Seen { by, .. } => say!(i18n, alarm.title_seen, name = by.clone()),
        RecordState::Confirmed { by, .. } => say!(i18n, alarm.title_on_it, name = by.clone()),
    }
}

fn text(i18n: I18n, state: &RecordState, paused: bool) -> String {
    match state {
        RecordState::Queued | RecordState::Sending if paused => say!(i18n, alarm.text_paused),
        RecordState::Queued | RecordState::Sending => say!(i18n, alarm.text_saved),
        RecordState::Stored => say!(i18n, alarm.text_sent),
        RecordState::Seen { .. } => say!(i18n, alarm.text_seen),
        RecordState::Confirmed { .. } => say!(i18n, alarm.text_on_it),
        RecordState::Refused(_) => say!(i18n, alarm.text_refused),
    }
}
