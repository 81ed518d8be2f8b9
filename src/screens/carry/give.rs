use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::carry::frames::Sequence;
use waymark_core::sync::To;

use super::outcome::trouble;
use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::screens::parts::Codes;
use crate::state::{AppState, CarryTrouble};
use crate::ui::{Banner, Button, Check, Icon, Tone, live, lu};
use crate::{actions, say, words};

/// What goes along, and the ways in which it can.
#[component]
pub fn Give() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let protected = RwSignal::new(false);
    let failed = RwSignal::new(None::<CarryTrouble>);
    let said = RwSignal::new(None::<String>);
    let (own, kept) = (memo(move || app.carry().with(|seen| seen.own)), kept(app));
    let carried =
        memo(move || app.carry().with(|seen| seen.carried.iter().map(|own| own.records).sum::<usize>()));
    let answers = memo(move || app.carry().with(|seen| seen.answered.len()));
    let along = memo(move || own.get() + if protected.get() { kept.get() } else { 0 });
    let any = memo(move || along.get() + carried.get() + answers.get() > 0);
    let save = Callback::new(move |()| {
        spawn_local(async move {
            match actions::save_bundle(app, protected.get_untracked()).await {
                Ok(outgoing) => {
                    failed.try_set(None);
                    let count = outgoing.own + outgoing.carried;
                    let words = untrack(|| match outgoing.left_out {
                        0 => say!(i18n, carry.saved, count = count),
                        left => say!(i18n, carry.saved_some, count = left),
                    });
                    said.try_set(Some(words));
                }
                Err(error) => _ = failed.try_set(Some(error)),
            }
        });
    });
    let share = Callback::new(move |()| {
        spawn_local(async move {
            let shared = actions::share_bundle(app, protected.get_untracked()).await;
            failed.try_set(shared.err());
        });
    });
    let showing = RwSignal::new(Shown::Nothing);
    let show = Callback::new(move |()| {
        spawn_local(async move {
            let shown = match actions::bundle_in_codes(app, protected.get_untracked()).await {
                Ok(Some(sequence)) => Shown::Codes(StoredValue::new(Some(sequence))),
                Ok(None) => Shown::TooLong,
                Err(error) => {
                    failed.try_set(Some(error));
                    Shown::Nothing
                }
            };
            showing.try_set(shown);
        });
    });
    let close = Callback::new(move |()| showing.set(Shown::Nothing));
    let codes = move || match showing.get() {
        Shown::Nothing => None,
        Shown::TooLong => {
            let text = words!(i18n, carry.codes_too_long);
            Some(view! { <Banner tone=Tone::Warn icon=lu::LuQrCode text /> }.into_any())
        }
        Shown::Codes(sequence) => {
            let sequence = sequence.try_update_value(Option::take).flatten()?;
            Some(view! { <Codes sequence on_close=close /> }.into_any())
        }
    };
    let sharing = actions::can_share();
    let ways = move || {
        any.get().then(|| {
            view! {
                <div class="btn-row">
                    <Button label=words!(i18n, carry.save) icon=lu::LuDownload on_press=save tone=Tone::Accent />
                    {sharing
                        .then(|| {
                            view! { <Button label=words!(i18n, carry.share) icon=lu::LuShare2 on_press=share /> }
                        })}
                    <Button label=words!(i18n, carry.show_codes) icon=lu::LuQrCode on_press=show />
                </div>
            }
        })
    };
    let news = move || {
        said.get().map(|words| {
            view! { <Banner tone=Tone::Accent icon=lu::LuCheck text=Signal::stored(words) /> }
        })
    };
    view! {
        <section class="panel carry-half" data-part="give">
            <h2>
                <Icon icon=lu::LuArrowUpFromLine />
                <span>{words!(i18n, carry.give)}</span>
            </h2>
            <dl class="carry-figures">
                <Figure count=along label=words!(i18n, carry.own) />
                <Figure count=carried label=words!(i18n, carry.for_others) />
                <Figure count=answers label=words!(i18n, carry.receipts) />
            </dl>
            {live(move || (!any.get()).then(|| view! { <p class="soft">{words!(i18n, carry.nothing)}</p> }))}
            <ForCopies />
            <Protected protected kept />
            {live(ways)}
            <div role="status">{live(news)} {live(move || failed.get().map(|error| trouble(i18n, &error)))}</div>
            {live(codes)}
            <p class="small soft">{words!(i18n, carry.readable)}</p>
        </section>
    }
    .into_any()
}

/// What stands on the screen for another phone's camera.
#[derive(Clone, Copy)]
enum Shown {
    Nothing,
    TooLong,
    Codes(StoredValue<Option<Sequence>>),
}

fn kept(app: AppState) -> Memo<usize> {
    memo(move || app.carry().with(|seen| seen.protected))
}

/// A number and what it counts.
#[component]
fn Figure(#[prop(into)] count: Signal<usize>, label: Signal<String>) -> impl IntoView {
    view! {
        <div data-some=move || (count.get() > 0).then_some("")>
            <dd class="num">{move || count.get()}</dd>
            <dt>{label}</dt>
        </div>
    }
    .into_any()
}

/// The state above every screen counts these as well: the base has them, and no hand needs to carry them.
#[component]
fn ForCopies() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let count = RwSignal::new(0);
    effect(move || {
        let queued = app.sync.with(|sync| sync.counts.queued);
        spawn_local(async move {
            if let Ok(all) = actions::tallies(app).await {
                let home = all.iter().find(|tally| tally.to == To::HOME).map_or(0, |tally| tally.queued);
                count.try_set(queued.saturating_sub(home));
            }
        });
    });
    live(move || {
        let count = count.get();
        (count > 0).then(|| view! { <p class="soft">{say!(i18n, carry.only_copies, count = count)}</p> })
    })
}

/// What may name a source stays here unless somebody says otherwise: whoever has the file can read it.
#[component]
fn Protected(protected: RwSignal<bool>, kept: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    live(move || {
        let count = kept.get();
        (count > 0).then(|| {
            view! {
                <Check
                    name="carry-protected"
                    label=derive(move || say!(i18n, carry.with_protected, count = count))
                    hint=words!(i18n, carry.with_protected_hint)
                    checked=protected
                    on_change=Callback::new(move |on| protected.set(on))
                />
            }
        })
    })
}
