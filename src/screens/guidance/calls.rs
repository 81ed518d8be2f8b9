use leptos::prelude::*;
use waymark_core::event::number_in;
use waymark_core::guidance::{Contingency, ContingencyText, Post};
use waymark_core::spelling::folded;
use waymark_core::view::offices::staffed;

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::guide::direction;
use crate::state::AppState;
use crate::ui::{Banner, Choice, Choices, LinkButton, Shape, Tone, live, lu, time};
use crate::{say, words};

/// A plan is no deeper than an organisation; a circle that another pack may have ends there.
const DEEPEST: usize = 8;
/// Who stands in at one base, as screens keep it.
#[derive(Debug, Clone, PartialEq)]
pub struct Base {
    /// Of the record that says so.
    pub record: String,
    pub name: String,
    pub area: String,
    pub posts: Vec<Post>,
    pub by: String,
    pub at: i64,
    pub review_by: Option<i64>,
}

pub fn bases(app: AppState, plan: &str) -> Vec<Base> {
    app.chain.with(|chain| {
        let base = |own: waymark_core::view::offices::Staffed<'_>| Base {
            record: own.item.id.to_string(),
            name: own.base.to_owned(),
            area: own.item.now.text("area").unwrap_or_default().to_owned(),
            posts: own.posts,
            by: own.item.by.name.clone(),
            at: own.item.by.at.0,
            review_by: own.item.now.moment("review_by").map(|at| at.0),
        };
        staffed(chain, plan).into_iter().map(base).collect()
    })
}

/// Who calls whom, with the names that the bases have given; the numbers can be dialled.
#[component]
pub fn Calls(plan: Contingency, text: ContingencyText, language: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let id = plan.id.clone();
    let all = memo(move || bases(app, &id));
    let chosen = RwSignal::new(None::<String>);
    let shown = memo(move || {
        let wanted = chosen.get().or_else(|| actions::own_area(app));
        all.with(|all| {
            let own =
                |base: &&Base| wanted.as_ref().is_some_and(|wanted| folded(wanted) == folded(&base.name));
            all.iter().find(own).or(all.first()).cloned()
        })
    });
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let options = derive(move || {
        let choice =
            |base: &Base| Choice { value: base.name.clone(), label: base.name.clone(), ..Choice::default() };
        all.with(|all| all.iter().map(choice).collect::<Vec<_>>())
    });
    let value =
        derive(move || shown.with(|base| base.as_ref().map(|base| base.name.clone()).unwrap_or_default()));
    let several = memo(move || {
        let one = all.with(|all| all.len() == 1) && shown.with(Option::is_some);
        !one && all.with(|all| !all.is_empty())
    });
    let choices = move || {
        several.get().then(|| {
            view! {
                <Choices
                    name="base"
                    label=words!(i18n, guidance.base)
                    options
                    value
                    on_choose=Callback::new(move |base| chosen.set(Some(base)))
                    shape=Shape::Tiles
                />
            }
        })
    };
    let by = move || {
        shown.get().map(|base| {
            let now = app.minute.get();
            let time = time::moment(intl(i18n), base.at, now);
            let by = say!(i18n, guidance.names_by, base = base.name, name = base.by, time = time);
            let old = base.review_by.is_some_and(|at| at < now);
            let old = old.then(|| {
                view! { <Banner tone=Tone::Warn icon=lu::LuClock text=words!(i18n, guidance.names_old) /> }
            });
            view! { {old} <p class="small soft">{by}</p> }
        })
    };
    let (dir, edit) = (direction(&language), plan.id.clone());
    let root = plan.roles.first().cloned();
    let tree = move || {
        let posts = shown.with(|base| base.as_ref().map(|base| base.posts.clone()).unwrap_or_default());
        root.as_ref().map(|root| branch(i18n, &plan, &text, &posts, root, 0))
    };
    let give = move || {
        watches.get().then(|| {
            let base = shown.with(|base| base.as_ref().map(|base| routes::encoded(&base.name)));
            let href = format!("{}?base={}", routes::plan_names(&edit), base.unwrap_or_default());
            let label = if all.with(Vec::is_empty) {
                words!(i18n, guidance.names_give)
            } else {
                words!(i18n, guidance.names_change)
            };
            view! { <LinkButton label href icon=lu::LuUsers /> }
        })
    };
    let none = move || {
        (app.chain.is_read() && shown.with(Option::is_none)).then(|| {
            let text = if all.with(Vec::is_empty) {
                words!(i18n, guidance.names_none)
            } else {
                words!(i18n, guidance.names_none_own)
            };
            view! { <p class="soft">{text}</p> }
        })
    };
    view! {
        <section class="stack stack-tight" data-part="calls">
            <h2>{words!(i18n, guidance.calls)}</h2>
            {live(choices)}
            {live(none)}
            <ul class="calls" lang=language dir=dir>
                {live(tree)}
            </ul>
            {live(by)}
            <div class="btn-row">{live(give)}</div>
        </section>
    }
    .into_any()
}

fn branch(
    i18n: I18n,
    plan: &Contingency,
    text: &ContingencyText,
    posts: &[Post],
    code: &str,
    depth: usize,
) -> AnyView {
    let name = role_name(text, code);
    let people: Vec<_> =
        posts.iter().filter(|post| post.role == code).map(|post| person(i18n, post)).collect();
    let people = (!people.is_empty()).then(|| view! { <ol class="call-people">{people}</ol> });
    let called = plan.calls.get(code).filter(|_| depth < DEEPEST);
    let below = called.map(|called| {
        let items: Vec<_> =
            called.iter().map(|code| branch(i18n, plan, text, posts, code, depth + 1)).collect();
        view! { <ul class="calls">{items}</ul> }
    });
    view! { <li data-role=code.to_owned()><span>{name}</span> {people} {below}</li> }.into_any()
}

fn person(i18n: I18n, post: &Post) -> AnyView {
    // A call sign is said, a number is dialled.
    let phone = match number_in(&post.phone) {
        Some(number) => {
            let label = say!(i18n, guidance.call, name = post.name.clone());
            view! {
                <a class="call" href=format!("tel:{number}") dir="ltr" aria-label=label>
                    {post.phone.clone()}
                </a>
            }
            .into_any()
        }
        None => view! { <span dir="auto">{post.phone.clone()}</span> }.into_any(),
    };
    view! { <li><strong dir="auto">{post.name.clone()}</strong> {phone}</li> }.into_any()
}

pub fn role_name(text: &ContingencyText, code: &str) -> String {
    text.roles.get(code).map_or_else(|| code.to_owned(), |role| role.name.clone())
}
