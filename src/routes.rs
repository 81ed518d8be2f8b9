//! The addresses: a contract with tests and documentation.

mod router;

use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::reactive::memo;
use crate::screens::{
    Backends, Carry, CheckIn, Checklists, Enrol, Guidance, Home, Map, Movement, Movements, NewPlan, NotFound,
    PlanNames, PlanPage, Records, Report, RevisePlan, Sectors, Settings, Standards, Threats, Watch,
};

pub use router::Router;

pub const HOME: &str = "/";
pub const CHECK_IN: &str = "/check-in";
pub const MOVEMENTS: &str = "/movements";
pub const NEW_MOVEMENT: &str = "/movements/new";
pub const REPORT: &str = "/report";
pub const RECORDS: &str = "/records";
pub const CARRY: &str = "/carry";
pub const THREATS: &str = "/threats";
pub const GUIDANCE: &str = "/guidance";
pub const CHECKLISTS: &str = "/checklists";
pub const PLANS: &str = "/plans";
pub const STANDARDS: &str = "/standards";
pub const SECTORS: &str = "/sectors";
pub const MAP: &str = "/map";
pub const WATCH: &str = "/watch";
pub const ENROL: &str = "/enrol";
/// Where an organisation without a server of ours begins.
pub const FOUND: &str = "/enrol/own";
pub const BACKENDS: &str = "/backends";
pub const SETTINGS: &str = "/settings";

const REVISE: &str = "/revise";
const NAMES: &str = "/names";

/// The page of one movement.
pub fn movement(id: EventId) -> String {
    format!("{MOVEMENTS}/{id}")
}

/// The form of this name.
pub fn report(form: &str) -> String {
    format!("{REPORT}/{form}")
}

/// The page of one card.
pub fn card(id: &str) -> String {
    format!("{GUIDANCE}/{id}")
}

/// Where names are given for the roles of a plan.
pub fn plan_names(id: &str) -> String {
    format!("{PLANS}/{id}{NAMES}")
}

/// Of which plan that address is.
pub fn named_plan(path: &str) -> Option<String> {
    let id = path.trim_end_matches('/').strip_suffix(NAMES)?.strip_prefix(PLANS)?.strip_prefix('/')?;
    (!id.is_empty() && !id.contains('/')).then(|| id.to_owned())
}

/// The page of one contingency plan.
pub fn contingency(id: &str) -> String {
    format!("{PLANS}/{id}")
}

/// One checklist to fill in.
pub fn checklist(id: &str) -> String {
    format!("{CHECKLISTS}/{id}")
}

/// Text as it stands in the query of an address.
pub fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The same back; as it stands where it is none.
pub fn decoded(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), Into::into)
}

/// The page of one record.
pub fn record(id: EventId) -> String {
    format!("{RECORDS}/{id}")
}

/// A check-in in a movement; `relayed` when somebody else said it and it is written down for them.
pub fn check_in(id: EventId, relayed: bool) -> String {
    let relayed = if relayed { "&relayed=1" } else { "" };
    format!("{CHECK_IN}?movement={id}{relayed}")
}

/// Where its plan is changed.
pub fn revise(id: EventId) -> String {
    format!("{MOVEMENTS}/{id}{REVISE}")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Screen {
    Home,
    CheckIn,
    Movements,
    NewPlan,
    Movement,
    RevisePlan,
    Report,
    Records,
    Carry,
    Guidance,
    Checklists,
    Contingency,
    PlanNames,
    Standards,
    Threats,
    Sectors,
    Map,
    Watch,
    Enrol,
    Backends,
    Settings,
    NotFound,
}

fn screen(path: &str) -> Screen {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    let one_of = |base: &str| {
        let rest = path.strip_prefix(base);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('/').is_some_and(|id| !id.contains('/')))
    };
    let one_of_movements =
        |path: &str| path.strip_prefix("/movements/").is_some_and(|id| !id.is_empty() && !id.contains('/'));
    match path {
        HOME => Screen::Home,
        CHECK_IN => Screen::CheckIn,
        ENROL | FOUND => Screen::Enrol,
        BACKENDS => Screen::Backends,
        SETTINGS => Screen::Settings,
        MOVEMENTS => Screen::Movements,
        NEW_MOVEMENT => Screen::NewPlan,
        _ if path.strip_suffix(REVISE).is_some_and(one_of_movements) => Screen::RevisePlan,
        _ if one_of_movements(path) => Screen::Movement,
        _ if one_of(REPORT) => Screen::Report,
        _ if one_of(RECORDS) => Screen::Records,
        CARRY => Screen::Carry,
        MAP => Screen::Map,
        _ if one_of(GUIDANCE) => Screen::Guidance,
        STANDARDS => Screen::Standards,
        _ if named_plan(path).is_some() => Screen::PlanNames,
        _ if one_of(PLANS) => Screen::Contingency,
        _ if one_of(CHECKLISTS) => Screen::Checklists,
        _ if one_of(THREATS) => Screen::Threats,
        _ if one_of(SECTORS) => Screen::Sectors,
        _ if one_of(WATCH) => Screen::Watch,
        _ => Screen::NotFound,
    }
}

#[component]
pub fn Screens() -> impl IntoView {
    let router = Router::get();
    let screen = memo(move || screen(&router.path()));
    move || match screen.get() {
        Screen::Home => view! { <Home /> }.into_any(),
        Screen::CheckIn => view! { <CheckIn /> }.into_any(),
        Screen::Movements => view! { <Movements /> }.into_any(),
        Screen::NewPlan => view! { <NewPlan /> }.into_any(),
        Screen::Movement => view! { <Movement /> }.into_any(),
        Screen::RevisePlan => view! { <RevisePlan /> }.into_any(),
        Screen::Report => view! { <Report /> }.into_any(),
        Screen::Records => view! { <Records /> }.into_any(),
        Screen::Carry => view! { <Carry /> }.into_any(),
        Screen::Guidance => view! { <Guidance /> }.into_any(),
        Screen::Contingency => view! { <PlanPage /> }.into_any(),
        Screen::PlanNames => view! { <PlanNames /> }.into_any(),
        Screen::Standards => view! { <Standards /> }.into_any(),
        Screen::Checklists => view! { <Checklists /> }.into_any(),
        Screen::Threats => view! { <Threats /> }.into_any(),
        Screen::Sectors => view! { <Sectors /> }.into_any(),
        Screen::Map => view! { <Map /> }.into_any(),
        Screen::Watch => view! { <Watch /> }.into_any(),
        Screen::Enrol => view! { <Enrol /> }.into_any(),
        Screen::Backends => view! { <Backends /> }.into_any(),
        Screen::Settings => view! { <Settings /> }.into_any(),
        Screen::NotFound => view! { <NotFound /> }.into_any(),
    }
}
