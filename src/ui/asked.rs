use leptos::prelude::*;

use super::{
    Button, Check, Choice, Choices, Field, IconData, Input, Pick, Shape, Text, Ticks, Value, live, lu, time,
};
use crate::reactive::{derive, effect};

/// A question whose description comes from data: its words, and how it is answered.
pub struct Asked {
    /// Unique on the page.
    pub name: String,
    pub label: Text,
    pub hint: Option<Text>,
    pub answer: Answer,
    pub value: Value,
    pub error: Signal<Option<String>>,
    /// The heading above asks the same: the label is read out but not drawn.
    pub quiet: bool,
    /// Whether it is asked now.
    pub shown: Signal<bool>,
}

/// How a question is answered; values of several choices stand one a line.
#[derive(Clone)]
pub enum Answer {
    Line,
    Area,
    Number,
    Moment,
    /// A day, and a time of it if there is one: what the time is called, and what holds without it.
    Due(Text, Text),
    /// A line for which there are proposals.
    Listed(Signal<Vec<String>>),
    Yes,
    /// Small lists as faces, long ones as a list to pick from.
    One(Signal<Vec<Choice>>, Text),
    Many(Signal<Vec<Choice>>),
    /// A few steps in one row.
    Scale(Signal<Vec<Choice>>),
    /// A line with proposals, and the position of this phone.
    Place(PlaceAnswer),
}

/// See [`Answer::Place`].
#[derive(Clone)]
pub struct PlaceAnswer {
    pub known: Signal<Vec<String>>,
    /// What is known of where that is, in words.
    pub said: Signal<Option<String>>,
    /// The button that takes or drops this phone's position, if it knows it.
    pub button: Signal<Option<String>>,
    pub icon: IconData,
    pub on_press: Callback<()>,
}

/// More choices than that are picked from a list.
const FACES: usize = 11;

/// One question of a form.
pub fn asked(asked: Asked) -> AnyView {
    let shown = asked.shown;
    let question = StoredValue::new_local(asked);
    live(move || shown.get().then(|| question.with_value(draw)))
}

fn draw(asked: &Asked) -> AnyView {
    let Asked { name, label, hint, answer, value, error, quiet, .. } = asked;
    let (name, label, hint, value, error, quiet) = (name.clone(), *label, *hint, *value, *error, *quiet);
    let field = |input: Input| {
        view! { <Field name=name.clone() label value hint error input asked=quiet /> }.into_any()
    };
    match answer.clone() {
        Answer::Line => field(Input::Line),
        Answer::Area => field(Input::Area),
        Answer::Number => field(Input::Number),
        Answer::Moment => {
            let value = moment(value);
            view! { <Field name label value hint error input=Input::Moment /> }.into_any()
        }
        Answer::Due(time_label, time_hint) => {
            let (day, clock) = due(value);
            let clock_name = format!("{name}-time");
            view! {
                <div class="field-pair">
                    <Field name label value=day hint error input=Input::Day />
                    <Field name=clock_name label=time_label value=clock hint=time_hint input=Input::Clock />
                </div>
            }
            .into_any()
        }
        Answer::Listed(known) => listed(name, label, hint, value, error, known),
        Answer::Yes => yes(name, label, hint, value),
        Answer::One(options, none) if options.with_untracked(Vec::len) > FACES => {
            view! { <Pick name label value hint error options none /> }.into_any()
        }
        Answer::One(options, _) => faces(&name, label, hint, value, error, options, Shape::Wide),
        Answer::Many(options) => many(&name, label, hint, value, options),
        Answer::Scale(options) => faces(&name, label, hint, value, error, options, Shape::Low),
        Answer::Place(place) => {
            let (said, known) = (place.said, place.known);
            let button = move || {
                let PlaceAnswer { icon, on_press, .. } = place.clone();
                place.button.get().map(|label| {
                    view! { <Button label=Signal::stored(label) icon on_press /> }
                })
            };
            view! {
                {listed(name, label, hint, value, error, known)}
                <div class="place-at">
                    {live(button)}
                    {live(move || said.get().map(|said| view! { <p class="small soft">{said}</p> }))}
                </div>
            }
            .into_any()
        }
    }
}

/// A question that is answered by more than one control: its label, hint and error.
fn group(
    role: &'static str,
    name: &str,
    label: Text,
    hint: Option<Text>,
    error: Signal<Option<String>>,
    controls: AnyView,
) -> AnyView {
    let id = format!("f-{name}");
    let (label_id, hint_id, error_id) = (format!("{id}-label"), format!("{id}-hint"), format!("{id}-error"));
    let labelled = label_id.clone();
    let described = if hint.is_some() { format!("{error_id} {hint_id}") } else { error_id.clone() };
    view! {
        <div
            class="field asked"
            id=id
            tabindex="-1"
            role=role
            aria-labelledby=labelled
            aria-describedby=described
            data-invalid=move || error.with(Option::is_some).then_some("")
        >
            <p class="field-label" id=label_id>{label}</p>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {controls}
            <p class="field-error" id=error_id aria-live="polite">{live(move || error.get())}</p>
        </div>
    }
    .into_any()
}

/// One answer out of a few, each with a face.
fn faces(
    name: &str,
    label: Text,
    hint: Option<Text>,
    value: Value,
    error: Signal<Option<String>>,
    options: Signal<Vec<Choice>>,
    shape: Shape,
) -> AnyView {
    let choose = Callback::new(move |code| value.write.run(code));
    let choices = view! {
        <Choices
            name=name.to_owned()
            label
            options
            value=value.read
            on_choose=choose
            shape
            clearable=true
            inside=true
        />
    };
    group("radiogroup", name, label, hint, error, choices.into_any())
}

fn many(name: &str, label: Text, hint: Option<Text>, value: Value, options: Signal<Vec<Choice>>) -> AnyView {
    let chosen = derive(move || value.read.with(|text| lines(text)));
    let change = Callback::new(move |all: Vec<String>| value.write.run(all.join("\n")));
    let ticks = view! { <Ticks label options chosen on_change=change inside=true /> };
    group("group", name, label, hint, Signal::stored(None), ticks.into_any())
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn yes(name: String, label: Text, hint: Option<Text>, value: Value) -> AnyView {
    let hint = hint.unwrap_or(Signal::stored(String::new()));
    let checked = derive(move || value.read.with(|text| !text.is_empty()));
    let change =
        Callback::new(move |yes| value.write.run(if yes { "yes".to_owned() } else { String::new() }));
    view! { <Check name label hint checked on_change=change /> }.into_any()
}

fn listed(
    name: String,
    label: Text,
    hint: Option<Text>,
    value: Value,
    error: Signal<Option<String>>,
    known: Signal<Vec<String>>,
) -> AnyView {
    let list = format!("l-{name}");
    let options = move || {
        let option = |name: String| view! { <option value=name></option> }.into_any();
        known.get().into_iter().map(option).collect::<Vec<_>>()
    };
    view! {
        <Field name label value hint error input=Input::Proposed />
        <datalist id=list>{live(options)}</datalist>
    }
    .into_any()
}

/// As the field has it, by this phone's clock; as it is kept, RFC 3339.
fn moment(value: Value) -> Value {
    let typed = RwSignal::new(String::new());
    effect(move || {
        let kept = value.read.with(|text| time::read_local(text).map(time::local_text));
        match kept {
            Some(text) if typed.with_untracked(|typed| *typed != text) => typed.set(text),
            None if value.read.with(String::is_empty) => typed.set(String::new()),
            _ => {}
        }
    });
    let write = Callback::new(move |text: String| {
        let at = time::read_local(&text);
        typed.set(text);
        value.write.run(at.map(time::stamp_text).unwrap_or_default());
    });
    Value { read: typed.into(), write }
}

/// The last minute of a day, which a day without a time stands for.
const END: &str = "23:59";

/// The day and the time of day, by this phone's clock, of what is kept in RFC 3339.
fn due(value: Value) -> (Value, Value) {
    let (day, clock) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let at = move || {
        let clock =
            clock.with_untracked(|clock| if clock.is_empty() { END.to_owned() } else { clock.clone() });
        time::read_local(&day.with_untracked(|day| format!("{day}T{clock}")))
    };
    effect(move || {
        let kept = value.read.with(|text| time::read_local(text));
        if kept == at() {
            return;
        }
        let text = kept.map(time::local_text).unwrap_or_default();
        let (own_day, own_clock) = text.split_once('T').unwrap_or_default();
        day.set(own_day.to_owned());
        // A time that stands without its day waits for it.
        if kept.is_some() {
            clock.set(if own_clock == END { String::new() } else { own_clock.to_owned() });
        }
    });
    let part = move |part: RwSignal<String>| {
        let write = Callback::new(move |text: String| {
            part.set(text);
            // A time that is typed alone is the next of its kind; a day that is taken back stays away.
            let next = (part == clock).then(|| clock.with_untracked(|clock| time::next(clock))).flatten();
            if let (true, Some(next)) = (day.with_untracked(String::is_empty), next) {
                day.set(
                    time::local_text(next).split_once('T').map(|(day, _)| day.to_owned()).unwrap_or_default(),
                );
            }
            value.write.run(at().map(time::stamp_text).unwrap_or_default());
        });
        Value { read: part.into(), write }
    };
    (part(day), part(clock))
}

/// What stands beside a place that was chosen.
pub fn place_icon() -> IconData {
    lu::LuLocateFixed
}
