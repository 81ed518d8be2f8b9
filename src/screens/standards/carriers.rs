use leptos::prelude::*;
use waymark_core::backend::standards::Carrier;
use waymark_core::event::Stamp;
use waymark_core::view::standards::{AreaHas, by_area};

use super::progress::Progress;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::state::AppState;
use crate::ui::{live, rows, time};
use crate::{say, words};

/// One area, as the screen keeps it.
#[derive(Debug, Clone, PartialEq)]
struct Area {
    name: String,
    devices: usize,
    behind: Vec<Carrier>,
}

impl From<AreaHas<'_>> for Area {
    fn from(own: AreaHas<'_>) -> Self {
        Self {
            name: own.area.to_owned(),
            devices: own.devices,
            behind: own.behind.into_iter().cloned().collect(),
        }
    }
}

/// Drawn anew whenever anything of it is other.
fn key(area: &Area) -> String {
    let behind =
        area.behind.iter().map(|device| format!(" {} {:?} {:?}", device.device, device.version, device.seen));
    std::iter::once(format!("{} {}", area.name, area.devices)).chain(behind).collect()
}

/// Which area has the latest version, and whose phones do not.
#[component]
pub fn Carriers() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        app.standards.with(|seen| {
            let told = seen.told.as_ref()?;
            let version = told.versions.first()?.version;
            let areas = by_area(&told.devices, version).into_iter().map(Area::from).collect::<Vec<_>>();
            Some((version, areas))
        })
    });
    let areas = move || all.get().map(|(_, areas)| areas).unwrap_or_default();
    let heading = move || {
        all.with(|all| {
            let version = all.as_ref().map(|(version, _)| version.to_string()).unwrap_or_default();
            say!(i18n, standards.carriers, version = version)
        })
    };
    let some = memo(move || all.with(Option::is_some));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="carriers">
                    <h2>{heading}</h2>
                    <ul class="rows">
                        {rows(areas, key, move |area| row(i18n, &area))}
                    </ul>
                </section>
            }
        })
    })
}

fn row(i18n: I18n, area: &Area) -> AnyView {
    let name = if area.name.is_empty() { say!(i18n, standards.everywhere) } else { area.name.clone() };
    let (devices, have) = (area.devices, area.devices - area.behind.len());
    let list = area.behind.clone();
    view! {
        <li class="row" data-area=area.name.clone()>
            <Progress
                title=view! { <p class="row-title" dir="auto">{name}</p> }.into_any()
                words=say!(i18n, standards.have, have = have.to_string(), count = devices)
                have
                of=devices
                part="behind"
                heading=words!(i18n, standards.behind)
                left=area.behind.len()
                others=Callback::new(move |()| list.iter().map(|device| behind(i18n, device)).collect())
            />
        </li>
    }
    .into_any()
}

fn behind(i18n: I18n, device: &Carrier) -> AnyView {
    let now = AppState::get().now.get_untracked().0;
    let moment = |at: Stamp| time::moment(intl(i18n), at.0, now);
    let has = match device.version {
        Some(0) => say!(i18n, standards.has_none),
        None => say!(i18n, standards.has_unknown),
        Some(version) => say!(i18n, standards.has, version = version.to_string()),
    };
    let seen = match device.seen {
        Some(seen) => say!(i18n, standards.seen, time = moment(seen)),
        None => say!(i18n, standards.never_seen),
    };
    view! { <li><bdi>{device.name.clone()}</bdi> ": " {has} " · " {seen}</li> }.into_any()
}
