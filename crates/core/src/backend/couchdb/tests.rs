use std::cell::RefCell;

use super::*;
use crate::backend::script::{self, batch, destination, other, play, session};
use crate::rules::Role;
use crate::sync::{BackendKind, Cursor, FeedAnswer, FeedPage, Trouble};
use crate::testing::build;

/// As much of CouchDB as the adapter uses.
#[derive(Default)]
struct Couch {
    /// By id: revisions that are known, and the document that wins.
    documents: BTreeMap<String, (Vec<String>, Value)>,
    order: Vec<String>,
    /// Ids that a validation function forbids.
    forbidden: BTreeSet<String>,
    /// Says that it stored these, and does not.
    forgets: BTreeSet<String>,
}

type Reply = Result<Response, NoResponse>;

impl Couch {
    fn answer(&mut self, request: &Request) -> Reply {
        let path = request.path.strip_prefix("https://backend.example/base").unwrap();
        let body: Value = serde_json::from_str(request.text()).unwrap_or_default();
        assert!(request.headers.iter().any(|header| header == &("authorization", "Basic dTpz".to_owned())));
        match (request.method, path) {
            ("GET", "") => script::json(200, &json!({"db_name": "waymark"})),
            ("POST", "/_bulk_docs") => self.bulk(&body),
            ("POST", "/_revs_diff") => self.diff(&body),
            ("GET", "/waymark-life") => match self.documents.get(LIFE) {
                Some((_, life)) => script::json(200, life),
                None => not_found(),
            },
            ("PUT", "/waymark-life") => {
                let rev = format!("1-{}", Digest::of_json(&body));
                let mut life = body;
                life["_rev"] = rev.clone().into();
                self.put(LIFE, &rev, life);
                script::json(201, &json!({"ok": true, "id": LIFE, "rev": rev}))
            }
            ("GET", changes) if changes.starts_with("/_changes?include_docs=true&limit=200&since=") => {
                self.changes(changes.rsplit('=').next().unwrap())
            }
            other => panic!("{other:?}"),
        }
    }

    fn put(&mut self, id: &str, rev: &str, document: Value) {
        let (revisions, _) = self.documents.entry(id.to_owned()).or_insert_with(|| (vec![], document));
        if !revisions.iter().any(|known| known == rev) {
            revisions.push(rev.to_owned());
            self.order.push(id.to_owned());
        }
    }

    fn bulk(&mut self, body: &Value) -> Reply {
        assert_eq!(body["new_edits"], false);
        let mut faults = vec![];
        for document in body["docs"].as_array().unwrap() {
            let (id, rev) = (document["_id"].as_str().unwrap(), document["_rev"].as_str().unwrap());
            assert_eq!(document["_revisions"], json!({"start": 1, "ids": [rev.trim_start_matches("1-")]}));
            if self.forbidden.contains(id) {
                faults.push(json!({"id": id, "rev": rev, "error": "forbidden", "reason": "no area"}));
            } else if !self.forgets.contains(id) {
                self.put(id, rev, document.clone());
            }
        }
        script::json(201, &faults.into())
    }

    fn diff(&self, body: &Value) -> Reply {
        let mut missing = serde_json::Map::new();
        for (id, revs) in body.as_object().unwrap() {
            let rev = revs[0].as_str().unwrap();
            if !self.documents.get(id).is_some_and(|(known, _)| known.iter().any(|known| known == rev)) {
                missing.insert(id.clone(), json!({"missing": [rev]}));
            }
        }
        script::json(200, &missing.into())
    }

    fn changes(&self, since: &str) -> Reply {
        let since: usize = since.split('-').next().unwrap().parse().unwrap();
        let results: Vec<Value> = (since..self.order.len())
            .map(|at| {
                let id = &self.order[at];
                json!({"seq": format!("{}-g1AA", at + 1), "id": id, "doc": self.documents[id].1})
            })
            .collect();
        script::json(
            200,
            &json!({"results": results, "last_seq": format!("{}-g1AA", self.order.len()), "pending": 0}),
        )
    }
}

fn not_found() -> Reply {
    script::json(404, &json!({"error": "not_found", "reason": "missing"}))
}

fn send(couch: &RefCell<Couch>, epoch: Option<&Epoch>, batch: &[Queued]) -> (Answer, Vec<Request>) {
    let there = destination(BackendKind::CouchDb);
    play(&mut *deliver(&there, &session(), epoch, batch), |request| couch.borrow_mut().answer(request))
}

fn read(couch: &RefCell<Couch>, epoch: Option<&Epoch>, cursor: &Cursor, role: Role) -> FeedAnswer {
    let there = destination(BackendKind::CouchDb);
    let who = Session { role, user: "amina".into(), ..session() };
    play(&mut *fetch(&there, &who, epoch, cursor), |request| couch.borrow_mut().answer(request)).0
}

fn page(answer: FeedAnswer) -> FeedPage {
    match answer {
        FeedAnswer::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

/// An epoch, from a first batch.
fn begun(couch: &RefCell<Couch>) -> Epoch {
    script::receipts(send(couch, None, &batch(1)).0).epoch
}

#[test]
fn the_first_batch_begins_a_life_and_the_second_asks_for_nothing_but_what_is_missing() {
    let couch = RefCell::default();
    let first = batch(3);
    let (answer, asked) = send(&couch, None, &first);
    let epoch = script::receipts(answer.clone()).epoch;
    assert_eq!(script::outcomes(answer, &first), vec![Outcome::Accepted; 3]);
    let paths: Vec<_> =
        asked.iter().map(|request| (request.method, request.path.rsplit('/').next().unwrap())).collect();
    assert_eq!(
        paths,
        [("POST", "_bulk_docs"), ("GET", LIFE), ("PUT", LIFE), ("POST", "_revs_diff")],
        "the life is looked at before what it is a receipt of"
    );
    let (answer, asked) = send(&couch, Some(&epoch), &first);
    assert_eq!((script::receipts(answer.clone()).epoch, asked.len()), (epoch, 2));
    assert_eq!(
        script::outcomes(answer, &first),
        vec![Outcome::Accepted; 3],
        "sent again, it is there all the same"
    );
    assert_eq!(couch.borrow().order.len(), 4, "and only once");
    let document = &couch.borrow().documents[&first[0].entry.id.to_string()].1;
    assert_eq!(document["event"], build::checkin(1).to_json());
    assert_eq!((&document["author_name"], &document["org"]), (&json!("Idriss \"Id\""), &json!("acme")));
    assert_eq!(document["sent"], script::NOW.to_string());
}

#[test]
fn one_bad_of_fifty_is_refused_in_the_databases_words() {
    let couch = RefCell::new(Couch::default());
    let all = batch(50);
    couch.borrow_mut().forbidden.insert(all[30].entry.id.to_string());
    let outcomes = script::outcomes(send(&couch, None, &all).0, &all);
    for (at, outcome) in outcomes.into_iter().enumerate() {
        let refusal = || Outcome::Rejected(Refusal::new("forbidden", "no area".into()));
        assert_eq!(outcome, if at == 30 { refusal() } else { Outcome::Accepted }, "{at}");
    }
}

#[test]
fn a_database_that_says_stored_and_is_not_believed() {
    let couch = RefCell::new(Couch::default());
    let all = batch(3);
    couch.borrow_mut().forgets.insert(all[1].entry.id.to_string());
    let outcomes = script::outcomes(send(&couch, None, &all).0, &all);
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Retry, Outcome::Accepted]);
}

#[test]
fn a_database_that_was_emptied_is_noticed_with_the_next_batch() {
    let couch = RefCell::default();
    let epoch = begun(&couch);
    couch.replace(Couch::default());
    let next = [script::queued(&build::checkin(9))];
    let (answer, _) = send(&couch, Some(&epoch), &next);
    let receipts = script::receipts(answer.clone());
    assert_ne!(receipts.epoch, epoch);
    assert_eq!(script::outcomes(answer, &next), [Outcome::Accepted]);
    assert_eq!(page(read(&couch, None, &Cursor::default(), Role::Manager)).epoch, receipts.epoch);
    assert_eq!(
        read(&couch, Some(&epoch), &Cursor::from(1), Role::Manager),
        FeedAnswer::EpochChanged(receipts.epoch)
    );
}

#[test]
fn a_life_that_another_phone_begins_in_the_same_moment_is_taken_up() {
    let couch: RefCell<Couch> = RefCell::default();
    let mut late = false;
    let there = destination(BackendKind::CouchDb);
    let (answer, _) = play(&mut *deliver(&there, &session(), None, &batch(1)), |request| {
        if request.method == "PUT" && !std::mem::replace(&mut late, true) {
            couch.borrow_mut().put(LIFE, "1-theirs", json!({"_rev": "1-theirs"}));
            return script::json(409, &json!({"error": "conflict"}));
        }
        couch.borrow_mut().answer(request)
    });
    assert_eq!(script::receipts(answer).epoch, Epoch("1-theirs".into()));
}

#[test]
fn a_database_that_is_emptied_over_and_over_ends_the_try() {
    let there = destination(BackendKind::CouchDb);
    let (answer, asked) = play(&mut *deliver(&there, &session(), None, &batch(1)), |request| {
        match request.path.rsplit('/').next().unwrap() {
            "_bulk_docs" => script::json(201, &json!([])),
            "_revs_diff" => script::json(200, &json!({LIFE: {"missing": ["1-x"]}})),
            _ => script::json(200, &json!({"_rev": "1-x"})),
        }
    });
    assert_eq!(answer, Answer::NotTheBackend);
    assert!(asked.len() < 10);
}

#[test]
fn at_no_step_is_something_else_taken_for_the_database() {
    let strange = [
        (other(200, "application/json", "{\"new"), Answer::NotTheBackend),
        (other(200, "application/json", ""), Answer::NotTheBackend),
        (other(204, "", ""), Answer::NotTheBackend),
        (other(404, "text/html", "<html>"), Answer::NotTheBackend),
    ];
    for at in 0..4 {
        for (reply, expected) in script::portals().into_iter().chain(strange.clone()) {
            let couch = RefCell::new(Couch::default());
            let mut step = 0;
            let there = destination(BackendKind::CouchDb);
            let (answer, _) = play(&mut *deliver(&there, &session(), None, &batch(2)), |request| {
                step += 1;
                let honest = couch.borrow_mut().answer(request);
                if step == at + 1 { reply.clone() } else { honest }
            });
            assert_eq!(answer, expected, "step {at}: {reply:?}");
        }
    }
}

#[test]
fn what_couchdb_says_of_a_whole_batch_is_told() {
    let told = |status, error: &str| {
        let there = destination(BackendKind::CouchDb);
        let fault = json!({"error": error, "reason": "why"});
        play(&mut *deliver(&there, &session(), None, &batch(2)), |_| script::json(status, &fault)).0
    };
    let refusal = |code| Refusal::new(code, "why".into());
    assert_eq!(told(404, "not_found"), Answer::Backend(404));
    assert_eq!(told(400, "bad_request"), Answer::BadBatch(refusal("bad_request")));
    assert_eq!(told(413, "too_large"), Answer::TooLarge(Some(refusal("too_large"))));
    assert_eq!(told(401, "unauthorized"), Answer::SignIn);
    assert_eq!(told(503, "all_workers_died"), Answer::Busy(None));
}

#[test]
fn the_feed_gives_records_with_their_arrival_and_passes_what_it_cannot_read() {
    let couch: RefCell<Couch> = RefCell::default();
    let epoch = begun(&couch);
    for (id, document) in [
        ("notes", json!({"text": "not ours"})),
        ("broken", json!({"type": RECORD, "event": {"id": 7}})),
        ("posing", json!({"type": RECORD, "_id": "posing", "event": build::checkin(5).to_json()})),
    ] {
        couch.borrow_mut().put(id, "1-a", document);
    }
    send(&couch, Some(&epoch), &[script::queued(&build::checkin(2))]);
    let first = page(read(&couch, Some(&epoch), &Cursor::default(), Role::Manager));
    assert_eq!((first.more, first.next.as_str()), (false, "6-g1AA"));
    let ids: Vec<_> = first.records.iter().map(|record| record.event.id).collect();
    assert_eq!(ids, [build::checkin(1).id, build::checkin(2).id]);
    let arrival = first.records[1].arrival.clone().unwrap();
    assert_eq!((arrival.seq, arrival.received), (6, script::NOW));
    assert_eq!((arrival.happened, arrival.author_name.as_str()), (build::checkin(2).time, "Idriss \"Id\""));
    let rest = page(read(&couch, Some(&epoch), &first.next, Role::Manager));
    assert_eq!((rest.records.len(), rest.next), (0, first.next));
}

#[test]
fn a_traveller_is_not_shown_what_others_write_for_themselves() {
    let couch: RefCell<Couch> = RefCell::default();
    let epoch = begun(&couch);
    let planned = build::unsaved("d9", 20, build::planned(build::plan())).into_event(1);
    send(&couch, Some(&epoch), &[script::queued(&planned)]);
    let shown = |role, user: &str| -> Vec<_> {
        let who = Session { role, user: user.into(), ..session() };
        let there = destination(BackendKind::CouchDb);
        let (answer, _) = play(&mut *fetch(&there, &who, None, &Cursor::default()), |request| {
            couch.borrow_mut().answer(request)
        });
        page(answer).records.iter().map(|record| record.event.id).collect()
    };
    let checkin = build::checkin(1).id;
    assert_eq!(shown(Role::Manager, "amina"), [checkin, planned.id]);
    assert_eq!(shown(Role::Traveller, "amina"), []);
    assert_eq!(shown(Role::Traveller, "hawa"), [planned.id], "who is named travels");
    assert_eq!(shown(Role::Traveller, "d1"), [checkin], "one's own");
}

#[test]
fn at_no_step_is_something_else_taken_for_the_feed() {
    let strange = |trouble| FeedAnswer::Failed(trouble, None);
    for (reply, expected) in [
        (other(200, "text/html", "<html>"), strange(Trouble::NotTheBackend)),
        (other(302, "", ""), strange(Trouble::NotTheBackend)),
        (script::json(200, &json!({"results": 1})), strange(Trouble::NotTheBackend)),
        (script::json(401, &json!({})), FeedAnswer::SignIn),
        (Err(NoResponse::TooLarge), strange(Trouble::TooLarge)),
        (Err(NoResponse::Network), strange(Trouble::Unreachable)),
        (other(500, "", ""), strange(Trouble::Backend(500))),
    ] {
        for at in 0..2 {
            let couch = RefCell::new(Couch::default());
            begun(&couch);
            let mut step = 0;
            let there = destination(BackendKind::CouchDb);
            let (answer, asked) =
                play(&mut *fetch(&there, &session(), None, &Cursor::default()), |request| {
                    step += 1;
                    let honest = couch.borrow_mut().answer(request);
                    if step == at + 1 { reply.clone() } else { honest }
                });
            assert_eq!(answer, expected, "step {at}: {reply:?}");
            assert!(asked.iter().all(|request| request.max_bytes <= 16 << 20));
        }
    }
}

#[test]
fn the_connection_test_tells_apart_what_can_be_done_something_about() {
    let there = destination(BackendKind::CouchDb);
    let code = |first: Reply, second: Reply| {
        let mut replies = [first, second].into_iter();
        play(&mut probe(&there, true), |_| replies.next().unwrap()).0.code()
    };
    let database = || script::json(200, &json!({"db_name": "waymark"}));
    assert_eq!(code(database(), script::json(201, &json!([]))), "fine");
    assert_eq!(code(database(), script::json(401, &json!({}))), "sign_in");
    assert_eq!(code(database(), script::json(400, &json!({"error": "bad_request"}))), "schema");
    assert_eq!(code(script::json(200, &json!({"couchdb": "Welcome"})), database()), "not_found");
    assert_eq!(code(not_found(), database()), "not_found");
    assert_eq!(code(other(200, "text/html", "<html>"), database()), "captive_portal");
    assert_eq!(code(Err(NoResponse::Network), Ok(Response::default())), "cors");
    assert_eq!(code(Err(NoResponse::Network), Err(NoResponse::Network)), "unreachable");
}
