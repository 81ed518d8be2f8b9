use leptos::prelude::*;
use waymark_core::sync::Setup;

use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::say;
use crate::screens::backends::naming;
use crate::screens::parts::words::role;
use crate::ui::{Banner, Tone, live, lu};

/// What a set-up text says, before anybody joins by it.
#[component]
pub fn SetupSummary(setup: Setup) -> impl IntoView {
    let i18n = use_i18n();
    let own = waymark_core::sync::Destination::own_server();
    // Whoever made the text chose the names; where it really goes is in the addresses.
    let all = setup.home.iter().chain(&setup.mirrors);
    let addresses: Vec<String> = all.map(|place| place.address.clone()).collect();
    let text = derive(move || {
        let home = setup.home.as_ref().unwrap_or(&own);
        let mut places = vec![naming::name(i18n, home)];
        places.extend(setup.mirrors.iter().map(|mirror| naming::name(i18n, mirror)));
        let (org, places) = (setup.org_name.clone(), places.join(", "));
        // A server of ours knows what its code is for, whatever the text says.
        if setup.home.is_none() {
            return say!(i18n, enrol.setup_server, org = org, places = places);
        }
        say!(i18n, enrol.setup_says, org = org, role = role(i18n, setup.role), places = places)
    });
    let addresses = move || {
        let one =
            |address: &String| view! { <li><bdi dir="ltr" class="address">{address.clone()}</bdi></li> };
        addresses.iter().map(one).collect::<Vec<_>>()
    };
    view! {
        <div data-part="setup" class="stack stack-tight">
            <Banner tone=Tone::Accent icon=lu::LuKeyRound text />
            <ul class="small soft">{live(addresses)}</ul>
        </div>
    }
    .into_any()
}
