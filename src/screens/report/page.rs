use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::form::{Form, Stands, form_named};
use waymark_core::event::{Body, EventId, Filled, Kind};
use waymark_core::guidance::moments_of;
use waymark_core::rules::authority::may_write;
use waymark_core::spelling::folded;
use waymark_core::view::Chain;
use waymark_core::view::chain::Item;
use waymark_core::view::offices::notes;
use waymark_core::view::{RecordState, RecordView};

use crate::actions::{self, FormOf, SaveError};
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::{self, Router};
use crate::screens::parts::forms::{self, Continued, Filling, FormSheet, Prefill};
use crate::screens::parts::{Photos, Reading, RecordDetail, SaveBar, guide, use_record};
use crate::state::AppState;
use crate::ui::{
    Banner, Button, Check, Empty, LinkButton, PageTitle, Tone, focus, focus_first_invalid, live, lu,
};
use crate::{say, words};

/// One form, on a page of its own.
#[component]
#[allow(clippy::needless_pass_by_value)] // a property of a component
pub fn Page(name: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let alone = |form: &&Form| form.stands == Stands::Alone && may_begin(form);
    let form = form_named(&name).filter(alone);
    let Some(form) = form else {
        return view! {
            <div class="page page-narrow">
                <PageTitle text=words!(i18n, report.none) />
                <LinkButton label=words!(i18n, report.title) href=routes::REPORT />
            </div>
        }
        .into_any();
    };
    let allowed = app.person_untracked().is_some_and(|person| may_write(person.role, &form.kind).is_ok());
    if !allowed {
        return view! {
            <div class="page page-narrow">
                <PageTitle text=derive(move || forms::title(i18n, form)) />
                <Empty title=words!(i18n, report.not_yours) text=words!(i18n, report.not_yours_text) />
            </div>
        }
        .into_any();
    }
    let about = Router::asked("of").and_then(|id| id.parse::<EventId>().ok());
    // What it comes out of says where it was and how sensitive it is.
    let noted = form.kind == Kind::GuidanceNoted;
    let ready = memo(move || about.is_none() && !noted || app.chain.is_read());
    live(move || {
        if ready.get() { view! { <Fill form about /> }.into_any() } else { view! { <Reading /> }.into_any() }
    })
}

/// Some are begun from what they are about, and some have a page of their own.
fn may_begin(form: &Form) -> bool {
    match form.kind {
        Kind::ChecklistCompleted | Kind::GuidanceRead | Kind::PlanStaffed | Kind::PackPublished => false,
        _ => forms::begun_from(&form.kind).first().is_none_or(|field| Router::asked(field).is_some()),
    }
}

#[component]
fn Fill(form: &'static Form, about: Option<EventId>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::follow_position(app);
    actions::hold_update(app);
    let of = FormOf { about, ..FormOf::new(form) };
    let filling = Filling::keep(app, of, prefill(app, form, about));
    let saved = RwSignal::new(None::<EventId>);
    let body = move || match saved.get() {
        Some(id) => view! { <Saved id on_again=Callback::new(move |()| saved.set(None)) /> }.into_any(),
        None => view! { <Sheet filling saved /> }.into_any(),
    };
    view! {
        <div class="page page-narrow">
            <a class="back" href=about.map_or(routes::REPORT.to_owned(), routes::record)>
                {words!(i18n, report.title)}
            </a>
            <PageTitle text=derive(move || forms::title(i18n, form)) />
            {live(body)}
        </div>
    }
    .into_any()
}

/// What is known already: an incident that a threat was carried out as happens where the threat says.
fn prefill(app: AppState, form: &'static Form, about: Option<EventId>) -> Prefill {
    let mut draft = Prefill::default();
    let begun = forms::begun_from(&form.kind);
    for field in begun {
        draft.put(field, &Router::asked(field).map(|text| routes::decoded(&text)).unwrap_or_default());
    }
    // Whoever works in one area mostly writes of it.
    if let (Some(_), Some(area)) = (form.field("area"), actions::own_area(app)) {
        draft.put("area", &area);
    }
    if form.kind == Kind::GuidanceNoted {
        let home = actions::own_area(app).unwrap_or_default();
        draft.put("base", &home);
        draft.put("area", &home);
        draft.put("state", "holds");
        // The newest note of a base takes the place of the one before.
        let card = draft.get("card").to_owned();
        let own = untrack(|| app.chain.with(|chain| own_note(chain, &card, &home).map(Prefill::of)));
        draft = own.unwrap_or(draft);
    }
    if !begun.is_empty() {
        return draft;
    }
    let Some(item) = untrack(|| about.and_then(|id| app.chain.item(id))) else { return draft };
    draft.sensitive = item.is_sensitive() && form.sensitive;
    if form.field("place").is_some()
        && let Some(spot) = item.spot()
    {
        draft.put("place", &spot.name);
        draft.put_at("place", spot.at);
    }
    if form.kind == item.form.kind && form.kind == Kind::RiskAssessed {
        draft = Prefill::of(&item.now);
    }
    if let Some(what) = Router::asked("what").filter(|_| form.kind == Kind::ActionOpened) {
        draft.put("what", &routes::decoded(&what));
    }
    if item.form.kind == Kind::GapRaised && form.kind == Kind::ActionOpened {
        let of = item.now.text("name").map(|name| format!("{name}: ")).unwrap_or_default();
        draft.put("what", &format!("{of}{}", item.headline()));
        draft.put("action", "protection_upgrade");
    }
    if let Some(action) = Router::asked("action") {
        draft.put("action", &action);
    }
    if let Some(due) = Router::asked("due") {
        draft.put("due", &due.replace("%3A", ":"));
    }
    draft
}

/// The note that a base has on a card.
fn own_note<'a>(chain: &'a Chain, card: &str, base: &str) -> Option<&'a Filled> {
    let mut notes = notes(chain, card).into_iter();
    notes
        .find(|item| item.now.text("base").is_some_and(|own| folded(own) == folded(base)))
        .map(|item| &*item.now)
}

#[component]
fn Sheet(filling: Filling, saved: RwSignal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let form = filling.of.form;
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let save = Callback::new(move |()| {
        saving.set(true);
        spawn_local(async move {
            match filling.save(app).await {
                Ok(id) => {
                    saved.try_set(Some(id));
                }
                Err(error) => {
                    let fields = matches!(error, SaveError::Fields(_));
                    failed.try_set(Some(error));
                    if fields {
                        focus_first_invalid(|id, _| focus(id));
                    }
                }
            }
            saving.try_set(false);
        });
    });
    let fits = guide::at(move || filling.draft.with(|draft| moments_of(form, draft)));
    let about = move || {
        let item = app.chain.item(filling.of.about?)?;
        Some(view! { <AboutLine item /> })
    };
    let text = forms::text(i18n, &format!("{}_text", form.name))
        .map(|_| derive(move || forms::text(i18n, &format!("{}_text", form.name)).unwrap_or_default()));
    view! {
        <div class="stack">
            {text.map(|text| view! { <p class="soft">{text}</p> })}
            {live(about)}
            <Continued filling />
            <guide::Offered now=fits always=true />
            <FormSheet filling failed />
            <Drill filling />
            <SaveBar label=words!(i18n, report.save) failed saving on_save=save />
        </div>
    }
    .into_any()
}

/// "About: Threat, “Your white cars…”".
#[component]
fn AboutLine(item: Item) -> impl IntoView {
    let i18n = use_i18n();
    let href = routes::record(item.id);
    let words = derive(move || {
        let what = format!("{} · {}", forms::short(i18n, item.form), forms::headline(i18n, &item));
        say!(i18n, report.about, what = what)
    });
    view! {
        <p class="about-line">
            <a class="clip" dir="auto" href=href>{words}</a>
        </p>
    }
    .into_any()
}

/// What comes out of an item is as much of an exercise as that.
#[component]
fn Drill(filling: Filling) -> impl IntoView {
    let i18n = use_i18n();
    let change = Callback::new(move |drill| filling.draft.update(|draft| draft.exercise = drill));
    filling.of.about.is_none().then(|| {
        view! {
            <div class="panel panel-tight">
                <Check
                    name="exercise"
                    label=words!(i18n, report.exercise)
                    hint=words!(i18n, report.exercise_hint)
                    checked=derive(move || filling.draft.with(|draft| draft.exercise))
                    on_change=change
                />
            </div>
        }
    })
}

/// What was saved, and where it has got to since; follows by itself.
#[component]
fn Saved(id: EventId, on_again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let record = use_record(Signal::stored(Some(id)));
    let shown = memo(move || record.with(Option::is_some));
    let detail = move || {
        let first = shown.get().then(|| record.get_untracked()).flatten()?;
        let view = derive(move || record.get().unwrap_or_else(|| first.clone()));
        Some(view! { <RecordDetail view /> })
    };
    let photos = derive(move || {
        let of = |view: &RecordView| view.body.as_ref().and_then(Body::filled).map(Filled::photos);
        record.with(|record| record.as_ref().and_then(of).unwrap_or_default())
    });
    let title = derive(move || {
        record.with(|record| match record.as_ref().map(|view| &view.state) {
            None | Some(RecordState::Queued | RecordState::Sending) => say!(i18n, report.saved_title),
            Some(RecordState::Refused(_)) => say!(i18n, report.refused_title),
            Some(_) => say!(i18n, report.sent_title),
        })
    });
    let sensitive = memo(move || {
        let of = |view: &RecordView| view.body.as_ref().and_then(Body::filled).map(Filled::is_sensitive);
        record.with(|record| record.as_ref().and_then(of).unwrap_or_default())
    });
    let guarded = move || {
        sensitive.get().then(|| {
            view! { <Banner tone=Tone::Warn icon=lu::LuShieldAlert text=words!(i18n, report.sensitive_on) /> }
        })
    };
    view! {
        <section class="panel" data-record=id.to_string() data-state=move || {
            record.with(|record| record.as_ref().map(|view| view.state.code()))
        }>
            <h2>{title}</h2>
            {live(guarded)}
            {live(detail)}
            <Photos photos />
            <div class="btn-row">
                <LinkButton
                    label=words!(i18n, report.open)
                    href=routes::record(id)
                    icon=lu::LuFileText
                    tone=Tone::Accent
                />
                <Button label=words!(i18n, report.another) on_press=on_again />
                <LinkButton label=words!(i18n, checkin.to_home) href=routes::HOME icon=lu::LuHouse />
            </div>
        </section>
    }
    .into_any()
}
