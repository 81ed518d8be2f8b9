use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::exchange::Audience;
use waymark_core::rules::Role;

use super::audience::{AudiencePick, own_audience};
use super::words;
use crate::actions::{self, ExportOf, Format, MOST_ALERTS, Sent};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::state::AppState;
use crate::ui::{Button, Choice, Choices, LateFold, Shape, Text, Tone, live, lu};
use crate::{say, words};

/// A list that can be exported, as it is shown.
#[derive(Clone, Copy)]
pub struct ListOf {
    /// What it is called in the file's name.
    pub name: &'static str,
    pub label: Text,
    pub ids: Signal<Vec<EventId>>,
}

/// Makes files of the lists of a screen: in which format, and for whom.
#[component]
pub fn ExportMenu(
    /// Unique on the page.
    name: &'static str,
    lists: Vec<ListOf>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lists = StoredValue::new(lists);
    let make = Callback::new(move |()| view! { <Menu name lists /> }.into_any());
    view! { <LateFold part="export" heading=words!(i18n, export.title) holds=words!(i18n, export.holds) make /> }
}

/// What has been chosen.
#[derive(Clone, Copy)]
struct Chosen {
    list: Memo<Option<ListOf>>,
    format: RwSignal<Format>,
    audience: RwSignal<Audience>,
    sent: RwSignal<Option<Result<Sent, String>>>,
}

impl PartialEq for ListOf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

#[component]
fn Menu(name: &'static str, lists: StoredValue<Vec<ListOf>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let first = lists.with_value(|lists| lists.first().map(|list| list.name)).unwrap_or_default();
    let which = RwSignal::new(first.to_owned());
    let chosen = Chosen {
        list: memo(move || {
            which.with(|which| lists.with_value(|all| all.iter().find(|list| list.name == *which).copied()))
        }),
        format: RwSignal::new(Format::Csv),
        audience: RwSignal::new(own_audience(app)),
        sent: RwSignal::new(None),
    };
    let several = lists.with_value(|lists| lists.len() > 1);
    let list_pick = several.then(|| {
        let options = derive(move || lists.with_value(|lists| lists.iter().map(list_choice).collect()));
        let on_choose = Callback::new(move |list| which.set(list));
        pick(format!("{name}-list"), words!(i18n, export.list), options, which.into(), on_choose)
    });
    let formats = derive(move || Format::ALL.map(|format| format_choice(i18n, format)).to_vec());
    let choose = Callback::new(move |code: String| {
        chosen
            .format
            .set(Format::ALL.into_iter().find(|format| format.code() == code).unwrap_or(Format::Csv));
    });
    let value = derive(move || chosen.format.get().code().to_owned());
    view! {
        {list_pick}
        <div class="field formats">
            {pick(format!("{name}-format"), words!(i18n, export.format), formats, value, choose)}
            <p class="field-hint" role="status">
                {live(move || format_text(i18n, chosen.format.get()))}
            </p>
        </div>
        <AudiencePick name=format!("{name}-audience") chosen=chosen.audience />
        <Go chosen />
    }
    .into_any()
}

fn pick(
    name: String,
    label: Text,
    options: Signal<Vec<Choice>>,
    value: Signal<String>,
    on_choose: Callback<String>,
) -> AnyView {
    view! {
        <div class="field">
            <p class="field-label">{label}</p>
            <Choices name label options value on_choose shape=Shape::Wide />
        </div>
    }
    .into_any()
}

fn list_choice(list: &ListOf) -> Choice {
    Choice { value: list.name.to_owned(), label: list.label.get(), ..Choice::default() }
}

fn format_choice(i18n: I18n, format: Format) -> Choice {
    let label = match format {
        Format::Csv => say!(i18n, export.csv),
        Format::GeoJson => say!(i18n, export.geojson),
        Format::Cap => say!(i18n, export.cap),
        Format::CloudEvents => say!(i18n, export.cloudevents),
    };
    Choice { value: format.code().to_owned(), label, ..Choice::default() }
}

fn format_text(i18n: I18n, format: Format) -> String {
    match format {
        Format::Csv => say!(i18n, export.csv_text),
        Format::GeoJson => say!(i18n, export.geojson_text),
        Format::Cap => say!(i18n, export.cap_text),
        Format::CloudEvents => say!(i18n, export.cloudevents_text),
    }
}

/// How many items it would be, the button, and how many it was.
#[component]
fn Go(chosen: Chosen) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let would = memo(move || {
        let ids = chosen.list.get().map(|list| list.ids.get()).unwrap_or_default();
        actions::would_send(app, &ids, chosen.audience.get())
    });
    // What was said of another choice is over.
    effect(move || {
        chosen.list.track();
        chosen.format.track();
        chosen.audience.track();
        chosen.sent.set(None);
    });
    let counts = move || {
        let would = would.get();
        let goes = say!(i18n, export.goes, number = would.out.to_string());
        let stays = say!(i18n, export.stays, number = would.left_out.to_string());
        if tells(app, chosen.audience.get(), would) { format!("{goes} · {stays}") } else { goes }
    };
    let too_many = memo(move || chosen.format.get() == Format::Cap && would.get().out > MOST_ALERTS);
    let press = Callback::new(move |()| {
        let Some(list) = chosen.list.get_untracked() else { return };
        let (format, audience) = (chosen.format.get_untracked(), chosen.audience.get_untracked());
        let language = i18n.get_locale().as_str();
        let ids = list.ids.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let of = ExportOf { name: list.name, format, audience, language };
            let done = actions::export_items(app, &ids, of).await;
            chosen.sent.try_set(Some(done.map_err(|error| words::store_error(i18n, &error))));
            busy.try_set(false);
        });
    });
    let empty = memo(move || chosen.list.get().is_none_or(|list| list.ids.with(Vec::is_empty)));
    let act = move || match (would.get().out, too_many.get()) {
        (0, _) if empty.get() => view! { <p class="soft">{words!(i18n, export.empty)}</p> }.into_any(),
        (0, _) => view! { <p class="soft">{words!(i18n, export.nothing)}</p> }.into_any(),
        (_, true) => {
            let text = say!(i18n, export.cap_many, number = MOST_ALERTS.to_string());
            view! { <p class="soft">{text}</p> }.into_any()
        }
        _ => view! {
            <div class="btn-row">
                <Button
                    label=words!(i18n, export.save)
                    icon=lu::LuDownload
                    tone=Tone::Accent
                    on_press=press
                    busy
                />
            </div>
        }
        .into_any(),
    };
    let said = move || {
        let audience = chosen.audience.get_untracked();
        chosen.sent.get().map(|sent| match sent {
            Ok(sent) if tells(app, audience, sent) => {
                let left = say!(i18n, export.left, number = sent.left_out.to_string());
                format!("{} · {left}", say!(i18n, export.done, number = sent.out.to_string()))
            }
            Ok(sent) => say!(i18n, export.done, number = sent.out.to_string()),
            Err(error) => error,
        })
    };
    view! {
        <p data-part="counts">{live(counts)}</p>
        {live(act)}
        <p role="status" data-part="exported">{live(said)}</p>
    }
    .into_any()
}

/// How many were left out is told to those who see them in the list: security and central, and whoever leaves out what
/// they wrote themselves.
fn tells(app: AppState, audience: Audience, sent: Sent) -> bool {
    let role = app.person_untracked().map(|person| person.role);
    let sees_all = matches!(role, Some(Role::Security | Role::Central));
    sent.left_out > 0 && (sees_all || audience == Audience::Outside)
}
