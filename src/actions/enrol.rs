use leptos::prelude::*;
use waymark_core::backend::reference::{self, EnrolProblem};
use waymark_core::event::Digest;
use waymark_core::sync::{Destination, LocalStore, Meta, Session, SetupError, StoreError, Wake};

use super::{ask_for_persistence, guidance, refresh, update_directory};
use crate::browser::channel::Word;
use crate::browser::{clock, http};
use crate::state::{AppState, SessionState};

/// Why signing in did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolError {
    Backend(EnrolProblem),
    /// The code belongs to another organisation, and this many records wait for the present one.
    OtherOrganisation {
        unsent: u32,
    },
    /// The phone would be another device by it, and this many records wait under its present name.
    OtherDevice {
        unsent: u32,
    },
    /// The code is a set-up text that is of no use.
    Setup(SetupError),
    /// A set-up text for a server of ours has no code of it.
    NoCode,
    /// The token does not say who it is for.
    Token,
    Store(StoreError),
}

/// Signs this phone in with a code, or signs it in again. Queued records stay and go out afterwards.
///
/// # Errors
/// Why it did not work; nothing has changed on this phone then, though the code may be spent.
pub async fn enrol(app: AppState, code: &str, name: &str) -> Result<(), EnrolError> {
    enrol_with(app, code, name, None).await
}

/// The same; `places` are where records go beside the server, if that is known. Else they go where they went.
pub(super) async fn enrol_with(
    app: AppState,
    code: &str,
    name: &str,
    places: Option<Vec<Destination>>,
) -> Result<(), EnrolError> {
    let services = app.services();
    // The store knows better than this tab: another may have signed in meanwhile.
    let Meta { session: former, mirrors, .. } = services.store.meta().await.map_err(EnrolError::Store)?;
    let key = services.store.device_key(&new_key()).await.map_err(EnrolError::Store)?;
    let request = reference::enrol(code, name, &key, former.as_ref());
    let reply = http::fetch(&request, None).await;
    let enrolled = reference::read_enrol(reply, clock::now()).map_err(EnrolError::Backend)?;
    if let Some(former) = former.as_ref().filter(|session| session.org != enrolled.org) {
        keep_none_of(app, former).await?;
    }
    let other = former.as_ref().is_some_and(|session| session.org != enrolled.org);
    let pack_key = enrolled.pack_key;
    let session = Session {
        org: enrolled.org,
        org_name: enrolled.org_name,
        user: enrolled.user,
        name: enrolled.name,
        role: enrolled.role,
        areas: enrolled.areas,
        device: enrolled.device,
        token: enrolled.token,
    };
    // Where the records of another organisation went is nothing to this one.
    let kept = mirrors.into_iter().filter(|_| !other).map(|mirror| mirror.destination);
    let mirrors = places.unwrap_or_else(|| kept.collect());
    services.store.join(&session, None, &mirrors).await.map_err(EnrolError::Store)?;
    // If it cannot be kept, the directory brings it.
    let _ = guidance::enrolled(&services, pack_key, other).await;
    services.learn_clock(app, enrolled.now.ms_since(clock::now())).await;
    services.courier.redirect().await.map_err(EnrolError::Store)?;
    signed_in(app, session).await;
    leptos::task::spawn_local(update_directory(app));
    Ok(())
}

/// Whoever leaves an organisation with records that it does not have would leave them behind. Those of others than this one
/// are: they wait on the list of refused ones for the phone to come back.
pub(super) async fn keep_none_of(app: AppState, former: &Session) -> Result<(), EnrolError> {
    let store = app.services().store;
    let mut unsent = 0;
    for id in store.unsent().await.map_err(EnrolError::Store)? {
        let held = store.held(id).await.map_err(EnrolError::Store)?;
        unsent += u32::from(held.is_some_and(|held| held.record.event.source.org == former.org));
    }
    if unsent > 0 { Err(EnrolError::OtherOrganisation { unsent }) } else { Ok(()) }
}

/// Somebody has signed in, and it is stored.
pub(super) async fn signed_in(app: AppState, session: Session) {
    let services = app.services();
    app.session.set(SessionState::SignedIn((&session).into()));
    services.set_session(Some(session));
    services.courier.tell_others(Word::SignedIn);
    refresh(app).await;
    guidance::reopen(app).await;
    services.courier.wake(Wake::SignedIn);
    // From here on there is something to lose.
    leptos::task::spawn_local(ask_for_persistence(app));
}

/// 256 random bits in hex.
fn new_key() -> String {
    Digest::of_bytes(&clock::random::<32>()).to_string()
}
