use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::outcome::Outcome;
use crate::i18n::use_i18n;
use crate::screens::parts::Scan;
use crate::state::AppState;
use crate::ui::{Button, DropArea, FilePick, Icon, live, lu};
use crate::{actions, words};

/// Some systems know the ending, others only what is in the file.
const ACCEPT: &str = ".waymark,.txt,application/vnd.waymark.bundle+json,text/plain,application/octet-stream";

/// Where a bundle comes in.
#[component]
pub fn Take() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let pick = Callback::new(move |event: ev::Event| {
        let files = actions::chosen_files(&event);
        spawn_local(actions::take_in_files(app, files));
    });
    let dropped = Callback::new(move |event: ev::DragEvent| {
        let files = actions::dropped_files(&event);
        spawn_local(actions::take_in_files(app, files));
    });
    let scanning = RwSignal::new(false);
    let scan = Callback::new(move |()| {
        actions::dismiss_outcome(app);
        scanning.set(true);
    });
    let close = Callback::new(move |()| _ = scanning.try_set(false));
    let read = Callback::new(move |text: String| spawn_local(actions::take_in_text(app, text, false)));
    view! {
        <section class="panel carry-half" data-part="take">
            <h2>
                <Icon icon=lu::LuArrowDownToLine />
                <span>{words!(i18n, carry.take)}</span>
            </h2>
            <DropArea hint=words!(i18n, carry.drop) on_drop=dropped>
                <FilePick
                    name="bundle"
                    label=words!(i18n, carry.choose)
                    icon=lu::LuFolderOpen
                    accept=ACCEPT
                    multiple=true
                    on_pick=pick
                />
            </DropArea>
            <div class="btn-row">
                <Button label=words!(i18n, carry.scan) icon=lu::LuScanQrCode on_press=scan />
            </div>
            {live(move || scanning.get().then(|| view! { <Scan on_text=read on_close=close /> }))}
            <Outcome />
        </section>
    }
    .into_any()
}
