use leptos::prelude::*;
use waymark_core::exchange::situation::Room;
use waymark_core::view::sectors::Cut;

use super::cut::Chosen;
use super::situation_paper::{Paper, SituationPaper};
use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::{AudiencePick, own_audience};
use crate::state::AppState;
use crate::ui::{Button, Choice, Choices, LateFold, Shape, Tone, live, lu};
use crate::{say, words};

/// What one page of A4 holds.
const ROOM: Room = Room { threats: 8, incidents: 8, overdue: 5, areas: 5 };

/// The situation report of what is chosen: for whom, and the way to the printer.
#[component]
pub fn SituationFold(chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let make = Callback::new(move |()| view! { <Situation chosen /> }.into_any());
    view! { <LateFold part="situation" heading=words!(i18n, situation.title) holds=words!(i18n, situation.text) make /> }
}

#[component]
fn Situation(chosen: Chosen) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let audience = RwSignal::new(own_audience(app));
    let about = RwSignal::new(REAL.to_owned());
    let minute = memo(move || app.server_now().0 / 60_000);
    let cut = memo(move || {
        minute.track();
        chosen.cut(untrack(|| app.server_now()))
    });
    let paper = memo(move || {
        let cut: Cut = cut.get();
        let (audience, drill) = (audience.get(), about.with(|about| about == DRILL));
        let now = untrack(|| app.server_now());
        let situation = actions::situation_for(app, audience, &cut, drill, ROOM);
        Paper { situation, cut, audience, drill, now }
    });
    let drills = memo(move || app.chain.with(|chain| chain.items().any(|item| item.exercise)));
    let about_row = move || drills.get().then(|| about_pick(i18n, about));
    let print = Callback::new(|()| actions::print_page());
    view! {
        {live(about_row)}
        <AudiencePick name="situation-audience".to_owned() chosen=audience />
        <div class="btn-row">
            <Button
                label=words!(i18n, situation.print)
                icon=lu::LuPrinter
                tone=Tone::Accent
                on_press=print
            />
        </div>
        <div class="print-only">
            <SituationPaper paper />
        </div>
    }
    .into_any()
}

const REAL: &str = "real";
const DRILL: &str = "drill";

fn about_pick(i18n: I18n, about: RwSignal<String>) -> AnyView {
    let options = derive(move || {
        let choice = |value: &str, label| Choice { value: value.to_owned(), label, ..Choice::default() };
        vec![choice(REAL, say!(i18n, situation.real)), choice(DRILL, say!(i18n, situation.drill))]
    });
    view! {
        <div class="field">
            <p class="field-label">{words!(i18n, situation.about)}</p>
            <Choices
                name="situation-about"
                label=words!(i18n, situation.about)
                options
                value=about
                on_choose=Callback::new(move |value| about.set(value))
                shape=Shape::Wide
            />
        </div>
    }
    .into_any()
}
