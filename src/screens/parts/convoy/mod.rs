//! One movement in full: where it is, who is there, what was done and what can be done. The same beside the board and
//! on a page of its own.

mod alarms;
mod close_form;
mod facts;
mod forms;
mod go;
mod heard;
mod ladder;
mod log;
mod people;
mod responses;
mod use_movement;
pub mod words;

use leptos::prelude::*;
use waymark_core::event::{EventId, Stamp};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::{Expected, Verdict, is_same_due, verdict};

use super::{AtBase, PaperSheet, StripMap};
use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::state::{AppState, Shown};
use crate::ui::{
    Banner, Button, Chip, Empty, LinkButton, PageTitle, SideTitle, Text, Tone, focus, live, lu, time,
};
use crate::{say, words};
use alarms::Alarms;
use close_form::{CloseForm, ReopenForm};
use facts::{Others, PlanFacts};
use go::GoNoGo;
use heard::{CheckIns, Roll};
use ladder::LadderWork;
use log::Log;
use people::People;
use responses::Responses;
pub use use_movement::{Found, use_movement};

/// What every part of the page works with.
#[derive(Clone, Copy)]
struct Convoy {
    movement: Signal<Shown>,
    verdict: Memo<Verdict>,
    /// By the server's clock.
    now: Memo<Stamp>,
    i18n: I18n,
    state: StoredValue<AppState>,
    /// The one form that is open.
    open: RwSignal<Option<Work>>,
}

/// The first two are about the check-in that was due then.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Try(Stamp),
    Settle(Stamp),
    Close,
    Reopen,
    /// The next two are about this emergency.
    AlarmTry(EventId),
    AlarmOver(EventId),
    Decide,
}

impl Work {
    /// The id of the button that opens it.
    fn button(self) -> String {
        match self {
            Self::Try(due) => format!("try-{}", due.0),
            Self::Settle(due) => format!("settle-{}", due.0),
            Self::Close => "close".to_owned(),
            Self::Reopen => "reopen".to_owned(),
            Self::AlarmTry(id) => format!("try-{id}"),
            Self::AlarmOver(id) => format!("over-{id}"),
            Self::Decide => "decide".to_owned(),
        }
    }
}

impl Convoy {
    /// Closes the form that is open; the focus goes back to where it was opened.
    fn close(self) -> Callback<()> {
        Callback::new(move |()| {
            if let Some(work) = self.open.get_untracked() {
                self.open.set(None);
                focus(work.button());
            }
        })
    }

    fn app(self) -> AppState {
        self.state.get_value()
    }

    /// How the check-in that was due at a moment stands now.
    fn expected(self, due: Stamp) -> Option<Expected> {
        let same = |expected: &&Expected| is_same_due(expected.due.at, due);
        self.verdict.with(|verdict| verdict.expected.iter().find(same).cloned())
    }

    fn moment(self, at: i64) -> String {
        time::moment(intl(self.i18n), at, self.now.get().0)
    }

    fn ago(self, at: i64) -> String {
        time::ago(intl(self.i18n), at, self.now.get().0)
    }

    /// Whether whoever is signed in may work the ladder, as far as the role goes.
    fn watches(self) -> bool {
        self.app().person().is_some_and(|person| person.role.watches())
    }

    fn travels(self) -> bool {
        self.app()
            .person()
            .is_some_and(|person| self.movement.with(|movement| movement.travels(&person.user)))
    }
}

/// A movement by its id, open or closed; honest words if it is not on this phone.
#[component]
pub fn ConvoyPage(
    id: Signal<Option<EventId>>,
    back: &'static str,
    back_label: Text,
    /// The way in short, as beside the board.
    #[prop(optional)]
    short: bool,
    /// Nobody has chosen it: the list beside it keeps the focus and the heading of the page.
    #[prop(optional)]
    unasked: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let found = use_movement(id);
    let which = memo(move || found.with(|found| found.shown().map(|movement| movement.id)));
    let missing = memo(move || found.with(|found| matches!(found, Found::Missing)));
    live(move || match which.get().and_then(|_| found.with_untracked(|found| found.shown().cloned())) {
        Some(first) => {
            let last = StoredValue::new(first);
            let movement = memo(move || {
                let now = found.with(|found| found.shown().cloned());
                now.inspect(|now| last.set_value(now.clone())).unwrap_or_else(|| last.get_value())
            });
            view! { <Page movement back back_label short unasked /> }.into_any()
        }
        None if missing.get() => view! {
            <div class="page page-narrow">
                <PageTitle text=words!(i18n, convoy.missing) />
                <Empty title=words!(i18n, convoy.missing_title) text=words!(i18n, convoy.missing_text)>
                    <LinkButton label=back_label href=back />
                </Empty>
            </div>
        }
        .into_any(),
        None => ().into_any(),
    })
}

#[component]
fn Page(
    #[prop(into)] movement: Signal<Shown>,
    back: &'static str,
    back_label: Text,
    short: bool,
    unasked: bool,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let now = memo(move || app.server_now());
    let verdict = memo(move || {
        let now = now.get();
        movement.with(|movement| verdict(movement, now))
    });
    let convoy =
        Convoy { movement, verdict, now, i18n, state: StoredValue::new(app), open: RwSignal::new(None) };
    let whole = short.then(|| {
        let href = move || movement.with(|movement| routes::movement(movement.id));
        view! {
            <a class="more-link" href=href>
                {words!(i18n, convoy.whole)}
            </a>
        }
    });
    view! {
        <article
            class="convoy"
            data-movement=move || movement.with(|movement| movement.id.to_string())
            data-overdue-stage=move || verdict.with(|verdict| verdict.stage.code())
        >
            <div class="stack">
                <a class="back" href=back>
                    {back_label}
                </a>
                <Head convoy unasked />
                <Alarms convoy />
                <LadderWork convoy />
                <section class="panel">
                    <StripMap movement down=!short />
                    {whole}
                </section>
                <Foot convoy />
                {(!short).then(|| view! { <GoNoGo convoy /> })}
            </div>
            <aside class="stack">
                <Log convoy />
                <CheckIns convoy />
            </aside>
            <div class="stack">
                <People convoy />
                <Roll convoy />
                <PlanFacts convoy />
                <Responses convoy />
                <Others convoy />
                <div class="print-only">
                    <PaperSheet movement />
                </div>
            </div>
        </article>
    }
    .into_any()
}

#[component]
fn Head(convoy: Convoy, unasked: bool) -> impl IntoView {
    let Convoy { movement, verdict, i18n, now, .. } = convoy;
    let name = derive(move || movement.with(|movement| movement.plan.plan.name.clone()));
    let face = memo(move || {
        let now = now.get();
        movement.with(|movement| verdict.with(|verdict| words::face(i18n, movement, verdict, now)))
    });
    let chips = move || {
        let face = face.get();
        let on_it = face.on_it.map(|text| {
            view! { <Chip text=Signal::stored(text) icon=lu::LuUserCheck tone=Tone::Accent /> }
        });
        let drill = movement.with(|movement| movement.exercise).then(|| {
            view! { <Chip text=words!(i18n, records.exercise) icon=lu::LuFlaskConical tone=Tone::Warn /> }
        });
        view! {
            <Chip text=Signal::stored(face.text) icon=face.icon tone=face.tone />
            {on_it}
            {drill}
        }
    };
    let due = move || {
        let now = now.get();
        verdict.with(|verdict| words::due_words(i18n, verdict, false, now))
    };
    let heard = move || {
        let late = verdict.with(|verdict| verdict.stage >= Stage::Due);
        movement.with(|movement| {
            let doubtful = late || movement.open_alarms().next().is_some() || movement.closed.is_some();
            words::heard(i18n, movement, doubtful, now.get())
        })
    };
    view! {
        <header class="stack stack-tight">
            <SideTitle text=name unasked />
            <p class="convoy-chips">
                {live(chips)}
            </p>
            <p class="convoy-due">
                <strong>{live(due)}</strong>
                <span>{live(heard)}</span>
            </p>
            <AtBase movement />
            <p class="soft">{live(move || movement.with(|movement| words::route(i18n, movement)))}</p>
        </header>
    }
    .into_any()
}

/// What can be done about it, beside the ladder.
#[component]
fn Foot(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, open, .. } = convoy;
    let ended = memo(move || movement.with(|movement| movement.closed.is_some()));
    let id = move || movement.with(|movement| movement.id);
    let close = Callback::new(move |()| open.set(Some(Work::Close)));
    let print = Callback::new(|()| actions::print_page());
    // Who does not travel can only write down what others say.
    let travels = untrack(|| convoy.travels());
    let reopen = Callback::new(move |()| open.set(Some(Work::Reopen)));
    let again = move || {
        let label = words!(i18n, convoy.reopen);
        let id = Work::Reopen.button();
        ended.get().then(|| view! { <Button id label icon=lu::LuUndo2 on_press=reopen /> })
    };
    let acts = move || {
        (!ended.get()).then(|| {
            let check_in = if travels {
                let href = routes::check_in(id(), false);
                view! {
                    <LinkButton label=words!(i18n, convoy.check_in) href icon=lu::LuMapPinCheck tone=Tone::Accent />
                }
            } else {
                let href = routes::check_in(id(), true);
                view! { <LinkButton label=words!(i18n, board.relayed) href icon=lu::LuRadio /> }
            };
            view! {
                {check_in}
                <LinkButton label=words!(i18n, convoy.revise) href=routes::revise(id()) icon=lu::LuPencil />
                <Button
                    id=Work::Close.button()
                    label=words!(i18n, convoy.close)
                    icon=lu::LuSquareCheckBig
                    on_press=close
                />
            }
        })
    };
    let form = move || match (open.get(), ended.get()) {
        (Some(Work::Close), false) => Some(view! { <CloseForm convoy /> }.into_any()),
        (Some(Work::Reopen), true) => Some(view! { <ReopenForm convoy /> }.into_any()),
        _ => None,
    };
    let closing = move || movement.with(|movement| closing_words(convoy, movement));
    view! {
        <div class="btn-row">
            {live(acts)} {live(again)}
            <Button label=words!(i18n, convoy.print) icon=lu::LuPrinter on_press=print />
        </div>
        {live(form)}
        {live(move || closing().map(|text| {
            view! { <Banner tone=Tone::Quiet icon=lu::LuSquareCheckBig text=Signal::stored(text) /> }
        }))}
    }
    .into_any()
}

fn closing_words(convoy: Convoy, movement: &Shown) -> Option<String> {
    let closing = movement.closed.as_ref()?;
    let i18n = convoy.i18n;
    let how = words::ending(i18n, &closing.ending);
    let time = convoy.moment(closing.by.at.0);
    let mut out = vec![say!(i18n, convoy.closed_by, how = how, name = closing.by.name, time = time)];
    out.extend(closing.accounted.map(|count| say!(i18n, convoy.counted_out, count = count)));
    out.extend(closing.contact.clone());
    out.extend(closing.note.as_ref().map(|note| format!("“{note}”")));
    Some(out.join(" · "))
}
