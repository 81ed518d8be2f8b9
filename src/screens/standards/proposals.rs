use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::standards::proposals;

use crate::browser::download;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Button, Chip, LinkButton, Tone, live, lu, rows};
use crate::{say, words};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Row {
    id: EventId,
    what: String,
    words: String,
    /// What became of it.
    decided: Option<String>,
    /// Card and text of its file.
    draft: Option<(String, String)>,
}

/// What findings and investigations say that the standards should say; what was taken up is a draft for the next version.
#[component]
pub fn Proposals(central: bool) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        app.chain.with(|chain| {
            let row = |own: waymark_core::view::standards::Proposal<'_>| Row {
                id: own.item.id,
                what: own.item.headline().to_owned(),
                words: own.words.to_owned(),
                decided: own.decided.and_then(|said| said.filled.text("decided")).map(str::to_owned),
                draft: own.draft().map(|(card, text)| (card.to_owned(), text.to_owned())),
            };
            proposals(chain).into_iter().map(row).collect::<Vec<_>>()
        })
    });
    let none = move || {
        all.with(Vec::is_empty)
            .then(|| view! { <p class="soft">{words!(i18n, standards.proposals_none)}</p> })
    };
    view! {
        <section class="stack stack-tight" data-part="proposals">
            <div class="bar">
                <h2>{words!(i18n, standards.proposals)}</h2>
                <LinkButton
                    label=words!(i18n, standards.propose)
                    href=routes::report("finding")
                    icon=lu::LuPlus
                />
            </div>
            {live(none)}
            <ul class="rows">
                {rows(
                    move || all.get(),
                    Row::clone,
                    move |own| row(i18n, &own, central),
                )}
            </ul>
        </section>
    }
    .into_any()
}

fn row(i18n: I18n, own: &Row, central: bool) -> AnyView {
    let decided = own.decided.as_deref();
    let chip = match decided {
        None => (say!(i18n, standards.open), lu::LuCircleDashed, Tone::Warn),
        Some(code) => {
            let tone = if code == "taken_up" { Tone::Accent } else { Tone::None };
            (forms::code(i18n, "decided", code), lu::LuCheck, tone)
        }
    };
    let (text, icon, tone) = chip;
    let decide = (central && decided.is_none()).then(|| {
        view! { <LinkButton label=words!(i18n, standards.decide) href=routes::record(own.id) icon=lu::LuScale /> }
    });
    let draft = own.draft.clone().map(|(card, text)| {
        let name = format!("{}.en.md", file_name(&card));
        let press = Callback::new(move |()| {
            // What the browser does with a download it tells by itself.
            let _ = download::save(&name, "text/markdown", &text);
        });
        view! { <Button label=words!(i18n, standards.download) on_press=press icon=lu::LuDownload about=card /> }
    });
    view! {
        <li class="row" data-proposal=own.id.to_string() data-decided=decided.map(str::to_owned)>
            <div class="out-words">
                <a class="row-title" dir="auto" href=routes::record(own.id)>{own.words.clone()}</a>
                <p class="row-sub" dir="auto">{own.what.clone()}</p>
                <p class="convoy-chips"><Chip text=Signal::stored(text) icon tone /></p>
                <div class="btn-row">{decide} {draft}</div>
            </div>
        </li>
    }
    .into_any()
}

/// A card's name is typed by hand: nothing that leads out of a folder.
fn file_name(card: &str) -> String {
    card.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}
