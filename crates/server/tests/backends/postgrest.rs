//! A stand-in for PostgREST over a real PostgreSQL with our tables: see tests/peers/postgrest.mjs.

use serde_json::{Value, json};
use waymark_core::event::{Body, CheckinKind, Event, PeopleState};
use waymark_core::rules::Role;
use waymark_core::sync::{
    Answer, BackendKind, Cursor, Destination, Epoch, FeedAnswer, Outcome, Queued, Refusal, Session,
};
use waymark_core::testing::build;

use crate::peer::Peer;
use crate::support::{
    batch, destination, outcomes, page, queued, read, receipts, send_as, session, stored, test,
};

struct Tables(Peer);

impl Tables {
    fn start() -> Self {
        Self(Peer::node("postgrest"))
    }

    /// Where this person sends to, with a token of their own.
    fn of(&mut self, who: &Session) -> Destination {
        let claims = json!({
            "org": who.org, "user": who.user, "device": who.device, "role": who.role.code(), "areas": who.areas,
        });
        let token = self.0.order(&format!("token {claims}"))["token"].as_str().unwrap().to_owned();
        destination(BackendKind::Postgrest, &self.0.address, "", &token)
    }

    async fn send(&mut self, who: &Session, batch: &[Queued]) -> Answer {
        let there = self.of(who);
        send_as(&there, who, None, batch).await
    }

    /// The ids that this person reads.
    async fn sees(&mut self, who: &Session) -> Vec<String> {
        let there = self.of(who);
        let mut ids: Vec<_> = page(read(&there, who, None, &Cursor::default()).await)
            .records
            .iter()
            .map(|record| record.event.id.to_string())
            .collect();
        ids.sort();
        ids
    }

    fn sql(&mut self, sql: &str) -> Value {
        self.0.order(&format!("sql {sql}"))["rows"].take()
    }
}

fn person(device: &str, role: Role, areas: &[&str]) -> Session {
    Session { areas: areas.iter().map(|area| (*area).to_owned()).collect(), ..session(device, role) }
}

fn ids(events: &[&Event]) -> Vec<String> {
    let mut ids: Vec<_> = events.iter().map(|event| event.id.to_string()).collect();
    ids.sort();
    ids
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn from_nothing_to_a_feed_and_to_another_life() {
    let mut tables = Tables::start();
    let (who, base) = (person("d1", Role::Traveller, &[]), person("base", Role::Security, &[]));
    let there = tables.of(&who);
    assert_eq!(test(&there).await, "fine");
    let all = batch(1..=250);
    let first = stored(send_as(&there, &who, None, &all[..50]).await, 50);
    assert_eq!(stored(send_as(&there, &who, Some(&first), &all).await, 250), first);
    assert_eq!(tables.sql("select count(*)::int as n from waymark_records")[0]["n"], 250);

    let watching = tables.of(&base);
    let one = page(read(&watching, &base, None, &Cursor::default()).await);
    let two = page(read(&watching, &base, Some(&first), &one.next).await);
    assert_eq!((one.records.len(), one.more, two.records.len(), two.more), (200, true, 50, false));
    assert_eq!(one.records[6].event, build::checkin(7), "as it was sent, in the order of the feed");
    let arrival = one.records[6].arrival.as_ref().unwrap();
    assert_eq!((arrival.seq, arrival.author_name.as_str()), (7, "Name of d1"));

    tables.0.order("wipe");
    let changed = read(&watching, &base, Some(&first), &two.next).await;
    let FeedAnswer::EpochChanged(second) = changed else { panic!("{changed:?}") };
    assert_eq!(stored(send_as(&there, &who, Some(&first), &all[..1]).await, 1), second);
    tables.sql("update waymark_life set life = gen_random_uuid()");
    let third = page(read(&watching, &base, None, &Cursor::default()).await).epoch;
    assert_ne!(third, second, "a restore that was said");
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn what_is_refused_and_what_contradicts() {
    let mut tables = Tables::start();
    let who = person("d1", Role::Traveller, &[]);
    let mut all = batch(1..=50);
    let mut note = build::checkin(20).to_json();
    note["data"]["note"] = "\u{0}".into();
    note["digest"] = waymark_core::event::Digest::of_json(&note["data"]).to_string().into();
    all[19] = queued(&Event::from_json(note).unwrap());
    let told = tables.send(&who, &all).await;
    assert!(matches!(&told, Answer::BadBatch(refusal) if refusal.code == "22P05"), "{told:?}");
    assert_eq!(tables.sql("select count(*)::int as n from waymark_records")[0]["n"], 0, "nothing by halves");
    stored(tables.send(&who, &all[20..]).await, 30);

    let other = build::unsaved("d1", 21, build::checkin_body(PeopleState::NotSafe, "other")).into_event(21);
    let (_, told) = outcomes(tables.send(&who, &[queued(&other), all[21].clone()]).await);
    assert_eq!(told, [Outcome::Conflict, Outcome::Accepted]);
    assert_eq!(tables.sql("select count(*)::int as n from waymark_private.conflicts")[0]["n"], 1, "kept");

    let theirs = build::unsaved("d2", 1, build::checkin_body(PeopleState::Safe, "theirs")).into_event(1);
    let told = tables.send(&who, &[queued(&theirs)]).await;
    let words = "a device sends only what its user wrote on it";
    assert_eq!(told, Answer::BadBatch(Refusal::new("P0001", words.into())));

    let stranger = destination(BackendKind::Postgrest, &tables.0.address, "", "a.b.c");
    assert_eq!(send_as(&stranger, &who, None, &all[..1]).await, Answer::SignIn);
    assert_eq!(test(&stranger).await, "sign_in");
    let nobody = destination(BackendKind::Postgrest, &tables.0.address, "", "");
    assert_eq!(send_as(&nobody, &who, None, &all[20..21]).await, Answer::SignIn);
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn nobody_changes_or_deletes() {
    let mut tables = Tables::start();
    let who = person("d1", Role::Central, &[]);
    tables.send(&who, &batch(1..=1)).await;
    for order in [
        "update waymark_records set digest = digest",
        "delete from waymark_records",
        "truncate waymark_records",
        "update waymark_life set life = gen_random_uuid()",
        "select * from waymark_private.crew",
        "insert into waymark_records (id, digest, author_name, event, seq) values (gen_random_uuid(), '', '', '{}', 1)",
    ] {
        let asked = format!(
            "do $body$ begin set local role waymark_user; {} ; exception when insufficient_privilege then perform set_config('waymark.refused', 'yes', false); end $body$",
            order.replace("select *", "perform")
        );
        tables.sql("select set_config('waymark.refused', 'no', false)");
        tables.sql(&asked);
        assert_eq!(
            tables.sql("select current_setting('waymark.refused') as refused")[0]["refused"],
            "yes",
            "{order}"
        );
    }
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn each_role_sees_what_is_for_it() {
    let mut tables = Tables::start();
    let (idriss, hawa) =
        (person("idriss", Role::Traveller, &["East"]), person("hawa", Role::Traveller, &["East"]));
    let (east, west) = (person("east", Role::Manager, &["East"]), person("west", Role::Manager, &["West"]));
    let (security, stranger) =
        (person("sec", Role::Security, &[]), person("moctar", Role::Traveller, &["East"]));

    let plan = build::unsaved("idriss", 1, build::planned(build::plan())).into_event(1);
    let heard = Body::CheckinMade(build::heard(plan.id, CheckinKind::Departed, PeopleState::Safe));
    let departed = build::unsaved("idriss", 2, heard).into_event(2);
    let alone = build::unsaved("moctar", 3, build::checkin_body(PeopleState::Safe, "alone")).into_event(1);
    let mut source =
        build::unsaved("idriss", 4, build::checkin_body(PeopleState::Safe, "source")).into_event(3);
    source.extensions.insert("protected".into(), true.into());
    let answer = build::unsaved("east", 5, build::confirmation_of(&alone)).into_event(1);
    let told = build::unsaved("sec", 6, build::confirmation_of(&source)).into_event(1);

    // The check-in before its plan, the answers before what they answer.
    stored(tables.send(&security, &[queued(&told)]).await, 1);
    stored(tables.send(&east, &[queued(&answer)]).await, 1);
    stored(tables.send(&idriss, &[queued(&departed)]).await, 1);
    let hawas = tables.of(&hawa);
    let before = page(read(&hawas, &hawa, None, &Cursor::default()).await);
    assert_eq!(before.records, []);
    stored(tables.send(&idriss, &[queued(&plan), queued(&source)]).await, 2);
    stored(tables.send(&stranger, &[queued(&alone)]).await, 1);

    assert_eq!(tables.sees(&idriss).await, ids(&[&plan, &departed, &source, &told]));
    assert_eq!(tables.sees(&hawa).await, ids(&[&plan, &departed]), "named in the plan");
    assert_eq!(tables.sees(&stranger).await, ids(&[&alone, &answer]), "one's own, and what is said about it");
    assert_eq!(
        tables.sees(&east).await,
        ids(&[&plan, &departed, &alone, &answer]),
        "no source, nor what names one"
    );
    assert_eq!(tables.sees(&west).await, Vec::<String>::new());
    assert_eq!(tables.sees(&security).await, ids(&[&plan, &departed, &alone, &answer, &source, &told]));
    let elsewhere = Session { org: "other".into(), ..person("sec", Role::Central, &[]) };
    assert_eq!(tables.sees(&elsewhere).await, Vec::<String>::new());

    let after = page(read(&hawas, &hawa, None, &before.next).await);
    assert_eq!(after.records.len(), 2, "what came before the plan comes again after it");
}

/// Whoever reads while others write misses nothing: places are given in the order in which they can be seen.
#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn a_reader_among_writers_misses_nothing() {
    let mut tables = Tables::start();
    let base = person("base", Role::Security, &[]);
    let watching = tables.of(&base);
    let mut writers = vec![];
    for n in 0..6_u64 {
        let who = person(&format!("w{n}"), Role::Traveller, &[]);
        let there = tables.of(&who);
        writers.push(tokio::spawn(async move {
            for round in 0..15 {
                let events: Vec<_> = (0..4)
                    .map(|at| {
                        build::unsaved(
                            &who.device.0,
                            n * 1_000 + round * 4 + at,
                            build::checkin_body(PeopleState::Safe, "w"),
                        )
                        .into_event(round * 4 + at + 1)
                    })
                    .collect();
                let batch: Vec<_> = events.iter().map(queued).collect();
                assert_eq!(receipts(send_as(&there, &who, None, &batch).await).receipts.len(), 4);
            }
        }));
    }
    let (mut cursor, mut read_ids, mut epoch) = (Cursor::default(), vec![], None::<Epoch>);
    loop {
        let all_written = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let page = page(read(&watching, &base, epoch.as_ref(), &cursor).await);
        read_ids.extend(page.records.iter().map(|record| record.event.id));
        (cursor, epoch) = (page.next, Some(page.epoch));
        if all_written && page.records.is_empty() {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    read_ids.sort();
    read_ids.dedup();
    assert_eq!(read_ids.len(), 6 * 15 * 4);
}

/// The stand-in is asked by the client that organisations use, and gives what that expects; what the adapter wrote, it reads.
#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn supabases_own_client_reads_what_the_adapter_wrote_and_the_other_way_round() {
    let mut tables = Tables::start();
    let (who, base) = (person("d1", Role::Traveller, &[]), person("base", Role::Security, &[]));
    let all = batch(1..=3);
    let life = stored(tables.send(&who, &all[..2]).await, 2);

    // One of them is there already.
    let rows: Vec<Value> = all[1..]
        .iter()
        .map(|Queued { entry, json }| {
            let event: Value = serde_json::from_str(json).unwrap();
            json!({"id": entry.id.to_string(), "digest": entry.digest.to_string(), "author_name": "Idriss",
                   "sent": "2026-07-20T08:00:00.000Z", "event": event})
        })
        .collect();
    let there = tables.of(&who);
    let said = crate::peer::script(
        "postgrest_client.mjs",
        &[&there.address, &there.sign_in.secret, &json!(rows).to_string()],
    );
    assert_eq!(said["upserted"], json!({"status": 201, "code": null, "data": null}), "{said}");
    let receipts = said["receipts"]["data"].as_array().unwrap();
    assert_eq!(receipts.len(), 2);
    assert!(receipts.iter().all(|receipt| receipt["life"] == life.0.as_str()), "{said}");
    assert_eq!(said["life"]["data"][0]["life"], life.0.as_str());
    let events = said["feed"]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| Event::from_json(row["event"].clone()).unwrap());
    assert_eq!(events.collect::<Vec<_>>(), (1..=3).map(build::checkin).collect::<Vec<_>>());
    let refused = |what: &str| {
        (said[what]["status"].as_u64().unwrap(), said[what]["code"].as_str().unwrap_or_default())
    };
    assert_eq!(refused("missing"), (404, "PGRST205"));
    assert_eq!(refused("stranger"), (401, "PGRST301"));

    let watching = tables.of(&base);
    let read = page(read(&watching, &base, None, &Cursor::default()).await);
    let names: Vec<_> =
        read.records.iter().map(|record| record.arrival.as_ref().unwrap().author_name.as_str()).collect();
    assert_eq!(names, ["Name of d1", "Name of d1", "Idriss"], "what was there stays as it was");
}
