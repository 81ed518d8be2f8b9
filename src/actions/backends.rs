//! Where records go: joining without a server of ours, mirrors, and whether a backend can be reached.

use leptos::prelude::WithUntracked as _;
use waymark_core::backend::connection::Connection;
use waymark_core::backend::postgrest::{Claims, claims};
use waymark_core::backend::probe;
use waymark_core::event::{DeviceId, Digest, UserId};
use waymark_core::sync::{
    BackendKind, Delivery, Destination, LocalStore, Session, Setup, StoreError, Tally, To, Wake,
};

use super::enrol::{enrol_with, keep_none_of};
use super::{EnrolError, signed_in, test_connection};
use crate::browser::channel::Word;
use crate::browser::{clipboard, clock, network};
use crate::courier::talk;
use crate::state::AppState;

/// Joins as a set-up text says. Queued records stay and go out afterwards.
///
/// # Errors
/// Why it did not work; nothing has changed on this phone then, though a code may be spent.
pub async fn join_by(app: AppState, setup: Setup, name: &str) -> Result<(), EnrolError> {
    let services = app.services();
    if setup.home.as_ref().is_none_or(Destination::is_ours) {
        if setup.code.is_empty() {
            return Err(EnrolError::NoCode);
        }
        return enrol_with(app, &setup.code, name, Some(setup.mirrors)).await;
    }
    let mut setup = setup;
    let claims = claims_of(setup.home.as_ref())?;
    if let Some(claims) = &claims {
        setup.org = claims.org.clone();
    }
    let former = services.store.meta().await.map_err(EnrolError::Store)?.session;
    let same = former.as_ref().filter(|session| session.org == setup.org);
    if let (Some(former), None) = (&former, same) {
        keep_none_of(app, former).await?;
    }
    let counts = services.store.counts().await.map_err(EnrolError::Store)?;
    let unsent = counts.queued + counts.refused;
    let session = session_of(&setup, claims, name, same);
    // Under another device's name what is queued would be nobody's.
    if same.is_some_and(|same| same.source() != session.source()) && unsent > 0 {
        return Err(EnrolError::OtherDevice { unsent });
    }
    let joined = services.store.join(&session, setup.home.as_ref(), &setup.mirrors).await;
    joined.map_err(EnrolError::Store)?;
    services.courier.redirect().await.map_err(EnrolError::Store)?;
    signed_in(app, session).await;
    Ok(())
}

/// Where the backend knows its people, the token says who this is.
fn claims_of(home: Option<&Destination>) -> Result<Option<Claims>, EnrolError> {
    match home {
        Some(home) if home.kind == BackendKind::Postgrest => {
            claims(&home.sign_in.secret).map(Some).ok_or(EnrolError::Token)
        }
        _ => Ok(None),
    }
}

fn session_of(setup: &Setup, claims: Option<Claims>, name: &str, before: Option<&Session>) -> Session {
    let claims = claims.unwrap_or_else(|| Claims {
        org: setup.org.clone(),
        // Where nobody gives out ids they are drawn at random: none is drawn twice.
        user: before.map_or_else(|| UserId(drawn("u")), |session| session.user.clone()),
        device: before.map_or_else(|| DeviceId(drawn("d")), |session| session.device.clone()),
        role: setup.role,
        areas: setup.areas.clone(),
    });
    Session {
        org: claims.org,
        org_name: setup.org_name.clone(),
        user: claims.user,
        name: name.trim().to_owned(),
        role: claims.role,
        areas: claims.areas,
        device: claims.device,
        token: String::new(),
    }
}

fn drawn(kind: &str) -> String {
    let digits = Digest::of_bytes(&clock::random::<16>()).to_string();
    // As our server gives them out: it lets a phone come back as itself.
    format!("{kind}{}", &digits[..20])
}

/// Records go to these from now on.
///
/// # Errors
/// If the store fails; then they go where they went, or where they should: as the store then says.
pub async fn direct(
    app: AppState,
    home: Option<Destination>,
    mirrors: Vec<Destination>,
) -> Result<(), StoreError> {
    let services = app.services();
    let directed = services.store.direct(home.as_ref(), &mirrors).await;
    // A store that died while it wrote this may have written it.
    services.courier.redirect().await?;
    directed?;
    services.courier.tell_others(Word::SignedIn);
    super::refresh(app).await;
    services.courier.wake(Wake::Tap);
    Ok(())
}

/// Changes one backend, adds one (`None`), or takes one away.
///
/// # Errors
/// If the store fails; then nothing has changed.
pub async fn put_backend(
    app: AppState,
    to: Option<To>,
    destination: Option<Destination>,
) -> Result<(), StoreError> {
    let meta = app.services().store.meta().await?;
    let mut home = meta.home;
    let mut mirrors = vec![];
    for mirror in meta.mirrors {
        if Some(mirror.to) == to {
            mirrors.extend(destination.clone());
        } else {
            mirrors.push(mirror.destination);
        }
    }
    match (to, destination) {
        // The same place once more: what was typed last holds.
        (None, Some(new)) if home.as_ref().is_some_and(|home| home.is_same_place(&new)) => home = Some(new),
        (None, Some(new)) => {
            mirrors.retain(|mirror| !mirror.is_same_place(&new));
            mirrors.push(new);
        }
        (Some(To::HOME), destination) => home = destination,
        // A mirror was changed or left out above.
        _ => {}
    }
    direct(app, home, mirrors).await
}

/// Finds out what stands between this phone and a backend. Sends no record.
pub async fn test_backend(app: AppState, destination: &Destination) -> Connection {
    let clockoffset = app.sync.with_untracked(|sync| sync.clockoffset);
    match probe(destination, network::is_online(), clockoffset) {
        Some(dialogue) => talk(dialogue, None).await,
        None => test_connection(app).await,
    }
}

/// The same for the home.
pub async fn test_home(app: AppState) -> Connection {
    let home = app.services().store.meta().await.unwrap_or_default().home();
    test_backend(app, &home).await
}

/// What each backend has not taken yet.
///
/// # Errors
/// As every reading.
pub async fn tallies(app: AppState) -> Result<Vec<Tally>, StoreError> {
    app.services().store.tallies().await
}

/// How an own record stands with each backend.
///
/// # Errors
/// As every reading.
pub async fn deliveries(
    app: AppState,
    id: waymark_core::event::EventId,
) -> Result<Vec<(To, Delivery)>, StoreError> {
    app.services().store.deliveries(id).await
}

/// Puts a text where other apps can take it from. `false` if the browser does not let us.
pub async fn copy_text(text: &str) -> bool {
    clipboard::copy(text).await
}
