//! What every [`CarryStore`] must do: run on the memory store natively and on IndexedDB in a browser.

#![allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc)] // a test

use super::build;
use super::store_suite::{Case, page, session};
use crate::carry::{
    Bundle, CarryStore, Certificate, Own, Parcel, ParcelReceipts, SignedReceipts, SignedText, SigningKey,
    Taking, Trust, Voucher, parse, write,
};
use crate::event::{Event, PeopleState, Stamp};
use crate::rules::Role;
use crate::rules::visibility::Viewer;
use crate::sync::{Entry, Epoch, Outcome, Receipt, Refusal, Session, Settlement, To};

macro_rules! cases {
    ($($name:ident),+ $(,)?) => {
        /// All cases, each for an empty store of its own.
        pub fn cases<S: CarryStore + 'static>() -> Vec<(&'static str, Case<S>)> {
            vec![$((stringify!($name), |store| Box::pin($name(store)))),+]
        }
    };
}

cases!(
    the_secret_is_made_once,
    what_waits_goes_along_and_answers_that_went_before,
    a_bundle_is_seen_like_a_feed_and_handed_on,
    taken_in_twice_it_is_there_once,
    what_is_not_for_the_bearer_is_carried_unseen,
    the_feed_has_the_last_word,
    what_a_server_has_acknowledged_is_carried_no_further,
    receipts_travel_on_and_let_go_of_what_is_carried,
    a_parcel_that_a_server_will_not_have_says_why,
);

const NOW: Stamp = build::MORNING;

/// The server of all cases.
pub fn server() -> SigningKey {
    SigningKey::from_secret("server")
}

/// Who is signed in on another device, named as its user.
pub fn session_of(device: &str, role: Role) -> Session {
    Session {
        user: device.into(),
        device: device.into(),
        name: format!("Name of {device}"),
        role,
        ..session()
    }
}

/// The key of their device.
pub fn key_of(session: &Session) -> SigningKey {
    SigningKey::from_secret(&session.device.0)
}

/// What the server says of them.
pub fn certificate(session: &Session) -> SignedText {
    let certificate = Certificate {
        org: session.org.clone(),
        device: session.device.clone(),
        user: session.user.clone(),
        name: session.name.clone(),
        role: session.role,
        areas: session.areas.clone(),
        key: key_of(session).public(),
        issued: NOW,
    };
    certificate.sign(&server())
}

/// A bundle of theirs.
pub fn bundle_of(session: &Session, events: &[Event]) -> String {
    let certificate = certificate(session);
    let own = Own { session, key: &key_of(session), certificate: Some(&certificate) };
    write(&own, events, &[], &[], NOW).text
}

/// Looks over a bundle as a phone does.
pub fn looked_over(text: &str, org: &Session) -> (Vec<(Parcel, Voucher)>, Bundle) {
    let bundle = parse(text).unwrap();
    let key = server().public();
    let trust = Trust { org: &org.org, server: Some(&key), known: &[] };
    let judged = bundle.parcels.iter().map(|parcel| (parcel.clone(), trust.judge(parcel).unwrap()));
    (judged.collect(), bundle)
}

fn taking(text: &str, me: &Session) -> Taking {
    let (parcels, bundle) = looked_over(text, me);
    let viewer =
        Viewer { org: me.org.clone(), user: me.user.clone(), role: me.role, areas: me.areas.clone() };
    let receipts = bundle.receipts_of(&server().public());
    Taking { viewer, device: me.device.clone(), at: NOW, parcels, receipts }
}

fn made(device: &str, n: u64, note: &str) -> Event {
    build::unsaved(device, n, build::checkin_body(PeopleState::Safe, note)).into_event(n)
}

/// What the server says of these, in the life `e1`.
pub fn receipts(of: &Session, events: &[(&Event, Outcome)]) -> SignedReceipts {
    let receipt = |(event, outcome): &(&Event, Outcome)| {
        let source = event.source.to_string();
        Receipt::new(&source, &event.id.to_string(), &event.digest.to_string(), outcome, Some(7))
    };
    let receipts = ParcelReceipts {
        org: of.org.clone(),
        device: of.device.clone(),
        name: of.name.clone(),
        epoch: Epoch("e1".into()),
        received: NOW,
        receipts: events.iter().map(receipt).collect(),
    };
    receipts.sign(&server())
}

async fn lines(store: &impl CarryStore) -> Vec<String> {
    store.carried().await.unwrap().into_iter().flat_map(|parcel| parcel.lines).collect()
}

async fn the_secret_is_made_once(store: impl CarryStore) {
    assert_eq!(store.signing_secret("first").await.unwrap(), "first");
    assert_eq!(store.signing_secret("second").await.unwrap(), "first");
    let (key, signed) = (server().public(), certificate(&session()));
    store.certify(&key, &signed).await.unwrap();
    let keys = store.carry_keys().await.unwrap();
    assert_eq!((keys.server, keys.certificate), (Some(key), Some(signed)));
    assert_eq!(keys.secret.as_deref(), Some("first"));
}

async fn what_waits_goes_along_and_answers_that_went_before(store: impl CarryStore) {
    let theirs = made("d2", 1, "theirs");
    let waits = store.save(build::unsaved("d1", 1, build::emergency_body()), None).await.unwrap();
    let sent = build::checkin_body(PeopleState::Safe, "sent");
    let sent = store.save(build::unsaved("d1", 2, sent), None).await.unwrap();
    let answer = build::unsaved("d1", 3, build::confirmation_of(&theirs));
    let answer = store.save(answer, None).await.unwrap();
    let refused = store.save(build::unsaved("d1", 4, build::emergency_body()), None).await.unwrap();
    let settlement = Settlement {
        epoch: Some(Epoch("e1".into())),
        at: NOW,
        stored: [&sent, &answer].map(|event| (Entry::of(event, false, 0), NOW)).to_vec(),
        refused: vec![(Entry::of(&refused, true, 0), Refusal::new("no", String::new()))],
    };
    store.settle(To::HOME, None, &settlement).await.unwrap();
    let ids = |events: Vec<Event>| events.iter().map(|event| event.id).collect::<Vec<_>>();
    assert_eq!(ids(store.own_to_carry(Stamp(0)).await.unwrap()), [waits.id, answer.id]);
    assert_eq!(ids(store.own_to_carry(NOW.plus_ms(86_400_000)).await.unwrap()), [waits.id]);
}

async fn a_bundle_is_seen_like_a_feed_and_handed_on(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    let events = [made("d2", 1, "one"), made("d2", 2, "two")];
    let text = bundle_of(&idriss, &events);
    let taken = store.take_in(&taking(&text, &amina)).await.unwrap();
    assert_eq!((taken.new, taken.unseen, taken.known), (2, 0, 0));
    let waiting = store.waiting(10).await.unwrap();
    assert_eq!(waiting.count, 2);
    let arrival = waiting.first[0].record.arrival.clone().unwrap();
    assert_eq!((arrival.seq, arrival.author_name.as_str()), (0, "Name of d2"));
    let answer = store.save(build::unsaved("d9", 1, build::confirmation_of(&events[0])), None).await.unwrap();
    assert_eq!(store.waiting(10).await.unwrap().count, 1);

    // Her own bundle holds what he signed, to the letter.
    let own = Own { session: &amina, key: &key_of(&amina), certificate: None };
    let mine = store.own_to_carry(Stamp(0)).await.unwrap();
    let carried = store.carried().await.unwrap();
    let outgoing = write(&own, &mine, &carried, &[], NOW);
    assert_eq!((outgoing.own, outgoing.carried, outgoing.left_out), (1, 2, 0));
    let onward = parse(&outgoing.text).unwrap();
    assert_eq!(onward.parcels[0].records[0].0, answer);
    assert_eq!(onward.parcels[1], parse(&text).unwrap().parcels[0]);
}

async fn taken_in_twice_it_is_there_once(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    let events = [made("d2", 1, "one"), made("d2", 2, "two")];
    store.take_in(&taking(&bundle_of(&idriss, &events[..1]), &amina)).await.unwrap();
    let again = store.take_in(&taking(&bundle_of(&idriss, &events), &amina)).await.unwrap();
    assert_eq!((again.new, again.known), (1, 1));
    assert_eq!(lines(&store).await.len(), 2);
    assert_eq!(store.carried().await.unwrap().len(), 2, "each record with the manifest that it came with");
    let keys = store.carry_keys().await.unwrap().known;
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].key, key_of(&idriss).public());
}

async fn what_is_not_for_the_bearer_is_carried_unseen(store: impl CarryStore) {
    let (leader, idriss) = (session_of("d9", Role::Traveller), session_of("d2", Role::Traveller));
    store.sign_in(&leader).await.unwrap();
    let own = store.save(build::unsaved("d9", 1, build::emergency_body()), None).await.unwrap();
    let event = made("d2", 1, "not for other travellers");
    let taken =
        store.take_in(&taking(&bundle_of(&idriss, std::slice::from_ref(&event)), &leader)).await.unwrap();
    assert_eq!((taken.new, taken.unseen), (0, 1));
    assert_eq!(store.held(event.id).await.unwrap(), None);
    assert_eq!(lines(&store).await.len(), 1);

    // What is said about their own record is for them, unless whoever says it may not.
    let amina = session_of("d3", Role::Manager);
    let says = |device: &str| build::unsaved(device, 5, build::confirmation_of(&own)).into_event(1);
    let (hers, his) = (says("d3"), says("d2"));
    let taken =
        store.take_in(&taking(&bundle_of(&amina, std::slice::from_ref(&hers)), &leader)).await.unwrap();
    assert_eq!(taken.new, 1);
    let taken = store.take_in(&taking(&bundle_of(&idriss, &[his]), &leader)).await.unwrap();
    assert_eq!((taken.new, taken.unseen), (0, 1), "a traveller confirms nothing");
    let about = store.about(&[own.id]).await.unwrap().remove(0);
    assert_eq!(about.iter().map(|record| record.event.id).collect::<Vec<_>>(), [hers.id]);
}

async fn the_feed_has_the_last_word(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    let (event, later) = (made("d2", 1, "one"), made("d2", 2, "two"));
    store.take_in(&taking(&bundle_of(&idriss, std::slice::from_ref(&event)), &amina)).await.unwrap();
    store
        .apply(
            None,
            &page(
                vec![build::arrived(event.clone(), 1, "Idriss"), build::arrived(later.clone(), 2, "Idriss")],
                2,
            ),
        )
        .await
        .unwrap();
    let arrival = store.held(event.id).await.unwrap().unwrap().record.arrival.unwrap();
    assert!(arrival.seq > 0);
    let taken = store.take_in(&taking(&bundle_of(&idriss, &[event, later]), &amina)).await.unwrap();
    assert_eq!((taken.new, taken.known), (0, 2), "what a server has given is not carried");
    assert_eq!(lines(&store).await.len(), 1);
}

async fn what_a_server_has_acknowledged_is_carried_no_further(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    let events = [made("d2", 1, "one"), made("d2", 2, "two"), made("d2", 3, "three"), made("d2", 4, "four")];
    store.take_in(&taking(&bundle_of(&idriss, &events), &amina)).await.unwrap();
    let mut other = events[3].clone();
    other.digest = events[0].digest;
    let answer = receipts(
        &idriss,
        &[
            (&events[0], Outcome::Accepted),
            (&events[1], Outcome::Rejected(Refusal::new("no", String::new()))),
            (&events[2], Outcome::Retry),
            (&other, Outcome::Accepted),
        ],
    );
    store.settle_carried(std::slice::from_ref(&answer), &[], NOW).await.unwrap();
    let left: Vec<Event> = lines(&store)
        .await
        .iter()
        .map(|line| Event::from_json(serde_json::from_str(line).unwrap()).unwrap())
        .collect();
    let ids: Vec<_> = left.iter().map(|event| event.id).collect();
    assert_eq!(ids, [events[2].id, events[3].id], "another digest settles nothing");
    let returned = store.returned().await.unwrap();
    assert_eq!(returned.len(), 1);
    assert_eq!(returned[0].receipts, answer);
    // Taken in once more, what was settled stays settled.
    store.take_in(&taking(&bundle_of(&idriss, &events), &amina)).await.unwrap();
    assert_eq!(lines(&store).await.len(), 2);
}

async fn receipts_travel_on_and_let_go_of_what_is_carried(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    let event = made("d2", 1, "one");
    store.take_in(&taking(&bundle_of(&idriss, std::slice::from_ref(&event)), &amina)).await.unwrap();
    let answer = receipts(&idriss, &[(&event, Outcome::Accepted)]);
    // Somebody else was at the server, and brings what it said.
    let leader = session_of("d3", Role::Traveller);
    let own = Own { session: &leader, key: &key_of(&leader), certificate: None };
    let text = write(&own, &[], &[], &[answer], NOW).text;
    store.take_in(&taking(&text, &amina)).await.unwrap();
    assert_eq!(store.carried().await.unwrap(), []);
    assert_eq!(store.returned().await.unwrap().len(), 1);
    let late = NOW.plus_ms(61 * 86_400_000);
    store.settle_carried(&[], &[], late).await.unwrap();
    assert_eq!(store.returned().await.unwrap(), []);
}

async fn a_parcel_that_a_server_will_not_have_says_why(store: impl CarryStore) {
    let (amina, idriss) = (session_of("d9", Role::Manager), session_of("d2", Role::Traveller));
    store.sign_in(&amina).await.unwrap();
    store.take_in(&taking(&bundle_of(&idriss, &[made("d2", 1, "one")]), &amina)).await.unwrap();
    let digest = store.carried().await.unwrap()[0].digest;
    store.settle_carried(&[], &[(digest, "no_key".into())], NOW).await.unwrap();
    let carried = store.carried().await.unwrap();
    assert_eq!(carried[0].trouble.as_deref(), Some("no_key"));
    assert_eq!(carried[0].lines.len(), 1, "it is not lost");
}
