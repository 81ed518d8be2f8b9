//! Checklists: which there are, and one while it is gone through.

mod compliance;
mod fill;
mod readiness;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::{Checklist, SUBJECTS};

use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::routes::{self, Router};
use crate::screens::parts::guide::direction;
use crate::screens::parts::{ChecksDone, forms};
use crate::state::AppState;
use crate::ui::{Icon, PageTitle, live, lu};
use crate::{say, words};
use compliance::Compliance;
use fill::Fill;
use readiness::Readiness;

#[component]
pub fn Checklists() -> impl IntoView {
    let app = AppState::get();
    let router = Router::get();
    spawn_local(actions::open_guidance(app));
    spawn_local(actions::open_chain(app));
    let named = memo(move || {
        let id = router.below(routes::CHECKLISTS)?;
        app.guidance.with(|library| library.checklist(&id).cloned())
    });
    live(move || match named.get() {
        Some(list) => view! { <Fill list /> }.into_any(),
        None => view! { <All /> }.into_any(),
    })
}

#[component]
fn All() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let groups = move || {
        app.guidance.with(|library| {
            let group = |subject: &&str| {
                let own = library.checklists.iter().filter(|list| list.of == **subject);
                let tiles: Vec<_> = own.map(|list| tile(i18n, list)).collect();
                let heading = forms::code(i18n, "subject", subject);
                (!tiles.is_empty()).then(|| {
                    view! {
                        <section class="stack stack-tight">
                            <h2>{heading}</h2>
                            <ul class="tiles">{tiles}</ul>
                        </section>
                    }
                })
            };
            SUBJECTS.iter().filter_map(group).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="page">
            <PageTitle text=words!(i18n, checklists.title) />
            <p class="soft">{words!(i18n, checklists.text)}</p>
            {live(groups)}
            <Compliance />
            <ChecksDone />
            <Readiness />
        </div>
    }
    .into_any()
}

fn tile(i18n: I18n, list: &Checklist) -> AnyView {
    let Some((language, text)) = list.text(i18n.get_locale().as_str()) else { return ().into_any() };
    let (lang, title) = (language.to_owned(), text.title.clone());
    let dir = direction(language);
    let holds = say!(i18n, checklists.holds, count = list.items.len());
    view! {
        <li>
            <a class="tile" href=routes::checklist(&list.id)>
                <span class="row-mark">
                    <Icon icon=lu::LuListChecks />
                </span>
                <strong lang=lang dir=dir>
                    {title}
                </strong>
                <span class="soft">{holds}</span>
            </a>
        </li>
    }
    .into_any()
}
