//! The addresses: a contract with tests and documentation.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::screens::{CheckIn, Enrol, Home, NotFound, Records, Settings, Watch};

pub const HOME: &str = "/";
pub const CHECK_IN: &str = "/check-in";
pub const RECORDS: &str = "/records";
pub const WATCH: &str = "/watch";
pub const ENROL: &str = "/enrol";
pub const SETTINGS: &str = "/settings";

#[component]
pub fn Screens() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/check-in") view=CheckIn />
            <Route path=path!("/records/:id?") view=Records />
            <Route path=path!("/watch/:id?") view=Watch />
            <Route path=path!("/enrol") view=Enrol />
            <Route path=path!("/settings") view=Settings />
        </FlatRoutes>
    }
    .into_any()
}
