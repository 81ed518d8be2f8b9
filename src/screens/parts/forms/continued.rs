use leptos::prelude::*;

use super::Filling;
use crate::i18n::use_i18n;
use crate::ui::{Banner, Button, Tone, live, lu};
use crate::words;

/// Says that a form goes on from what was left in it, and lets somebody begin anew.
#[component]
pub fn Continued(filling: Filling) -> impl IntoView {
    let i18n = use_i18n();
    let clear = Callback::new(move |()| filling.clear());
    live(move || {
        filling.continued.get().then(|| {
            view! {
                <Banner tone=Tone::Accent icon=lu::LuHistory text=words!(i18n, report.continued)>
                    <Button label=words!(i18n, report.clear) on_press=clear />
                </Banner>
            }
        })
    })
}
