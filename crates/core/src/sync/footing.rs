//! What a tab goes by while it sends or reads. Tabs share one store, and each has a list of places and a session of its
//! own in memory: whether these still hold is asked of what the store says, once for each batch and each page.

use serde_json::Value;

use super::{Cursor, Destination, Entry, Epoch, Input, Meta, Queued, Session, To};
use crate::event::{OrgId, Source, Stamp, UserId};
use crate::rules::Role;

/// What one batch is sent by, read under the lock of its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Footing {
    pub session: Option<Session>,
    /// The life of the place that this phone knows.
    pub epoch: Option<Epoch>,
    /// Milliseconds to add to this phone's clock, as far as it is known.
    pub clockoffset: Option<i64>,
}

/// For whom, from where, and after what a page of the feed is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    sees: Option<(OrgId, UserId, Role, Vec<String>)>,
    home: Destination,
    /// Who left this home and came back reads it from its start.
    cursor: Cursor,
}

impl Meta {
    /// Whether this place stands under this number: another tab may have changed where records go.
    pub fn has(&self, to: To, place: &Destination) -> bool {
        self.place(to).is_some_and(|held| held.is_same_place(place))
    }

    /// What to go by in sending to `place`; `None` if it does not stand under this number any more.
    pub fn footing(&self, to: To, place: &Destination) -> Option<Footing> {
        let footing = || Footing {
            session: self.session.clone(),
            epoch: self.epoch_of(to).cloned(),
            clockoffset: self.clockoffset,
        };
        self.has(to, place).then(footing)
    }

    /// A page that was asked for by another reader than this one is not stored, and is asked for again: it may be of
    /// another organisation or another home, and the cursor it brings would pass over what this one may see.
    pub fn reader(&self) -> Reader {
        Reader {
            sees: self.session.as_ref().map(Session::sees),
            home: self.home(),
            cursor: self.cursor.clone(),
        }
    }

    /// Whether what this reader asked for is to be taken up; without one that is not asked.
    pub fn is_read_by(&self, reader: Option<&Reader>) -> bool {
        reader.is_none_or(|reader| *reader == self.reader())
    }
}

impl Footing {
    /// What to tell the outbox machine of the head of the queue. What another organisation's session wrote, in a tab that
    /// had not heard of the new one, is never sent: backends take a record for that of whoever sends it.
    pub fn look_through(&self, queued: &[Queued], now: Stamp) -> Input {
        let strange = |queued: &&Queued| {
            self.session.as_ref().is_some_and(|session| org_of(&queued.json).as_ref() != Some(&session.org))
        };
        let strangers: Vec<Entry> =
            queued.iter().filter(strange).map(|queued| queued.entry.clone()).collect();
        if strangers.is_empty() {
            Input::Loaded { entries: queued.iter().map(|queued| queued.entry.clone()).collect(), now }
        } else {
            Input::Strangers { entries: strangers, now }
        }
    }
}

/// Whose record this is; nothing if it does not say.
fn org_of(json: &str) -> Option<OrgId> {
    let json: Value = serde_json::from_str(json).ok()?;
    json["source"].as_str()?.parse().ok().map(|source: Source| source.org)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::event::{PeopleState, Unsaved};
    use crate::sync::{
        BackendKind, BatchLimit, Command, FeedPage, Head, LocalStore, Placement, State, Wake, step,
    };
    use crate::testing::memory_store::MemoryStore;
    use crate::testing::{block_on, build, store_suite};

    const WIDE: BatchLimit = BatchLimit { records: 1_000, bytes: 1 << 20 };

    fn couch(address: &str) -> Destination {
        let address = format!("https://{address}.example");
        Destination { kind: BackendKind::CouchDb, address, ..Destination::own_server() }
    }

    fn enrolled() -> MemoryStore {
        let store = MemoryStore::default();
        block_on(store.sign_in(&store_suite::session())).unwrap();
        store
    }

    fn meta(store: &MemoryStore) -> Meta {
        block_on(store.meta()).unwrap()
    }

    #[test]
    fn of_two_tabs_with_different_places_only_the_one_that_is_right_sends() {
        let store = enrolled();
        let (here, there) = (couch("here"), couch("there"));
        block_on(store.direct(Some(&here), &[couch("copy")])).unwrap();
        assert!(meta(&store).footing(To::HOME, &here).is_some());
        // The other tab moves the home and changes the copy.
        block_on(store.direct(Some(&there), &[couch("other")])).unwrap();
        let now = meta(&store);
        assert_eq!(now.footing(To::HOME, &here), None, "what it loaded would go to the former home");
        assert_eq!(now.footing(To(1), &couch("copy")), None, "the number is nobody's");
        assert!(!now.has(To(2), &couch("copy")), "nor does the new copy's answer for the old one");
        assert!(now.footing(To::HOME, &there).is_some() && now.footing(To(2), &couch("other")).is_some());
        // Another credential for the same place is the same place.
        let renamed = Destination { name: "Ours".into(), must: false, ..there };
        assert!(now.footing(To::HOME, &renamed).is_some());
    }

    #[test]
    fn a_batch_goes_by_what_the_store_knows_when_it_is_loaded() {
        let store = enrolled();
        block_on(store.adopt_epoch(To::HOME, None, &Epoch("second".into()))).unwrap();
        let session = Session { token: "new".into(), ..store_suite::session() };
        block_on(store.sign_in(&session)).unwrap();
        let footing = meta(&store).footing(To::HOME, &Destination::own_server()).unwrap();
        assert_eq!(
            footing,
            Footing { session: Some(session), epoch: Some(Epoch("second".into())), clockoffset: None }
        );
    }

    #[test]
    fn a_page_asked_for_by_another_reader_is_known_as_such() {
        let store = enrolled();
        let asked = meta(&store).reader();
        let as_changed = |change: &dyn Fn(&mut Session)| {
            let mut session = store_suite::session();
            change(&mut session);
            let mut meta = meta(&store);
            meta.sign_in(&session);
            meta.reader()
        };
        assert_eq!(as_changed(&|session| session.token = "new".into()), asked);
        assert_ne!(as_changed(&|session| session.org = "other".into()), asked);
        assert_ne!(as_changed(&|session| session.user = "moussa".into()), asked);
        assert_ne!(as_changed(&|session| session.role = Role::Central), asked, "may see more from the start");
        assert_ne!(as_changed(&|session| session.areas = vec!["east".into()]), asked);
        block_on(store.direct(None, &[couch("copy")])).unwrap();
        assert_eq!(meta(&store).reader(), asked, "mirrors are not read");
        block_on(store.direct(Some(&couch("there")), &[])).unwrap();
        assert_ne!(meta(&store).reader(), asked);
        // Nor is a page taken up that was asked for further on, before the home went elsewhere and came back.
        let mut further = meta(&store);
        further.cursor = 5.into();
        assert_ne!(meta(&store).reader(), further.reader());
        // What would come of it: the former home's life and place in its feed, taken for the new one's.
        let page = FeedPage { epoch: Epoch("here".into()), records: vec![], next: 9.into(), more: false };
        assert_eq!(block_on(store.apply(Some(&asked), &page)), Ok(None));
        assert_eq!(block_on(store.adopt_epoch(To::HOME, Some(&asked), &page.epoch)), Ok(None));
        assert_eq!(meta(&store).epoch, None);
        block_on(store.apply(None, &page)).unwrap();
        assert_eq!(meta(&store).epoch, Some(page.epoch));
    }

    fn stranger(n: u64) -> Unsaved {
        let mut unsaved = build::unsaved("d1", n, build::checkin_body(PeopleState::Safe, "there"));
        unsaved.source.org = "elsewhere".into();
        unsaved
    }

    #[test]
    fn what_another_organisation_wrote_is_listed_and_never_sent() {
        let store = enrolled();
        let session = store_suite::session();
        let of_session = |n| {
            let body = build::checkin_body(PeopleState::Safe, "here");
            Unsaved { source: session.source(), ..build::unsaved("d1", n, body) }
        };
        let strange = block_on(store.save(stranger(1), None)).unwrap();
        let own = block_on(store.save(of_session(2), None)).unwrap();
        let load = |state: State| {
            let Head { queued, meta } = block_on(store.head(To::HOME, WIDE, &BTreeSet::new())).unwrap();
            let footing = meta.footing(To::HOME, &Destination::own_server()).unwrap();
            step(state, footing.look_through(&queued, Stamp(7)))
        };
        let (state, _) = step(State::default(), Input::Wake { why: Wake::Tap, now: Stamp(7) });
        let (state, commands) = load(state);
        let [Command::Settle(settlement)] = commands.as_slice() else { panic!("{commands:?}") };
        assert!(settlement.stored.is_empty() && settlement.epoch.is_none());
        block_on(store.settle(To::HOME, None, settlement)).unwrap();
        let (state, _) = step(state, Input::Settled { now: Stamp(7) });
        let (_, commands) = load(state);
        assert!(matches!(&commands[..], [Command::Send { ids, .. }] if *ids == [own.id]), "{commands:?}");
        let held = block_on(store.held(strange.id)).unwrap().unwrap();
        let Placement::Refused(refused) = held.placement else { panic!("{:?}", held.placement) };
        assert_eq!(refused.refusal.code, crate::sync::OTHER_ORGANISATION);
        // Back in its own organisation it can be sent.
        assert!(block_on(store.retry(strange.id)).unwrap());
        let queued = block_on(store.head(To::HOME, WIDE, &BTreeSet::new())).unwrap().queued;
        let former = Session { org: "elsewhere".into(), ..session };
        let footing = Footing { session: Some(former), ..Footing::default() };
        let Input::Strangers { entries, .. } = footing.look_through(&queued, Stamp(7)) else { panic!() };
        assert_eq!(entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [own.id], "now the other is");
        assert!(matches!(footing.look_through(&queued[..1], Stamp(7)), Input::Loaded { .. }));
    }
}
