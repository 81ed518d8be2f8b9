use leptos::prelude::*;
use waymark_core::event::AreaLevel;

use super::lines::Line;
use super::state::PlanForm;
use crate::i18n::{intl, keys, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::plan_words;
use crate::state::AppState;
use crate::ui::{Choice, Choices, Fold, Input, Shape, SheetRow, live, time};
use crate::{say, words};

/// How dangerous it is, and so when somebody is to worry.
#[component]
pub fn WatchRow(form: PlanForm) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let option = move |level: &AreaLevel| Choice {
        value: level.code().to_owned(),
        label: plan_words::level(i18n, level),
        ..Choice::default()
    };
    let choose = Callback::new(move |code: String| {
        form.draft.update(|draft| draft.area_level = AreaLevel::from_code(&code));
    });
    let usual = memo(move || form.usual_rules(app));
    let every = memo(move || form.draft.with(|draft| draft.watch_by(usual.get())));
    let figure = move |count: u32| time::number(intl(i18n), f64::from(count));
    let words = move || {
        let watch = every.get();
        say!(i18n, plan.every, interval = figure(watch.interval), grace = figure(watch.grace))
    };
    let own = memo(move || every.get() != usual.get());
    let holds = derive(move || if own.get() { say!(i18n, plan.own_times) } else { say!(i18n, plan.usual) });
    let interval = Line::plan("interval", keys::plan::interval, |draft| &mut draft.interval)
        .input(Input::Number)
        .empty_means(derive(move || figure(usual.get().interval)));
    let grace = Line::plan("grace", keys::plan::grace, |draft| &mut draft.grace)
        .input(Input::Number)
        .empty_means(derive(move || figure(usual.get().grace)));
    view! {
        <SheetRow heading=words!(i18n, plan.watch)>
            <p>{words!(i18n, plan.level)}</p>
            <Choices
                name="area_level"
                label=words!(i18n, plan.level)
                options=derive(move || AreaLevel::ALL.iter().map(option).collect())
                value=derive(move || form.draft.with(|draft| draft.area_level.code().to_owned()))
                on_choose=choose
                shape=Shape::Wide
            />
            <p role="status">
                <strong>{live(words)}</strong>
                " "
                <span class="soft">{words!(i18n, plan.every_text)}</span>
            </p>
            <Fold heading=words!(i18n, plan.other_times) holds>
                <div class="two">{interval.show(form)} {grace.show(form)}</div>
            </Fold>
        </SheetRow>
    }
    .into_any()
}
