use std::cell::RefCell;

use super::*;
use crate::backend::script::{self, batch, destination, other, play, session};
use crate::rules::Role;
use crate::sync::{BackendKind, Cursor, FeedAnswer, FeedPage, Trouble};
use crate::testing::build;

type Reply = Result<Response, NoResponse>;

/// As much of PostgREST and of our tables as the adapter uses.
struct Tables {
    life: String,
    rows: Vec<Value>,
    /// A row with this in it is refused, and with it all that come with it.
    refuses: Option<String>,
    forgets: Option<String>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { life: "life-1".into(), rows: vec![], refuses: None, forgets: None }
    }
}

impl Tables {
    fn answer(&mut self, request: &Request) -> Reply {
        let path = request.path.strip_prefix("https://backend.example/base/").unwrap();
        let (table, query) = path.split_once('?').unwrap();
        match (request.method, table) {
            ("POST", RECORDS) => {
                assert_eq!(query, "on_conflict=id");
                let prefer = "resolution=ignore-duplicates,return=minimal".to_owned();
                assert!(request.headers.contains(&("prefer", prefer)));
                self.insert(&serde_json::from_str::<Vec<Value>>(request.text()).unwrap())
            }
            ("GET", RECEIPTS) => {
                assert!(request.path.len() < 4_096, "{}", request.path.len());
                let ids = query.split("id=in.(").nth(1).unwrap_or_default().trim_end_matches(')');
                let named: Vec<_> = ids.split(',').collect();
                let rows = self.rows.iter().filter(|row| named.contains(&row["id"].as_str().unwrap()));
                script::json(200, &rows.cloned().map(|row| self.alive(row)).collect())
            }
            ("GET", LIFE) => script::json(200, &json!([{"life": self.life}])),
            ("GET", FEED) => {
                let after: u64 = query
                    .split("seq=gt.")
                    .nth(1)
                    .map_or(0, |rest| rest.split('&').next().unwrap().parse().unwrap());
                let rows = self.rows.iter().filter(|row| row["seq"].as_u64().unwrap() > after);
                script::json(200, &rows.take(200).cloned().map(|row| self.alive(row)).collect())
            }
            ("GET", RECORDS) => script::json(200, &json!([])),
            strange => panic!("{strange:?}"),
        }
    }

    fn alive(&self, mut row: Value) -> Value {
        row["life"] = self.life.clone().into();
        row
    }

    fn insert(&mut self, rows: &[Value]) -> Reply {
        if self.refuses.as_ref().is_some_and(|id| rows.iter().any(|row| row["id"] == id.as_str())) {
            return script::json(
                400,
                &json!({"code": "22P05", "message": "unsupported Unicode escape sequence"}),
            );
        }
        for row in rows {
            let there = self.rows.iter().any(|other| other["id"] == row["id"]);
            if there || self.forgets.as_ref().is_some_and(|id| row["id"] == id.as_str()) {
                continue;
            }
            let mut row = row.clone();
            row["seq"] = (self.rows.len() + 1).into();
            row["received"] = "2026-07-14T03:40:00+00:00".into();
            self.rows.push(row);
        }
        other(201, "", "")
    }
}

fn send(tables: &RefCell<Tables>, batch: &[Queued]) -> (Answer, Vec<Request>) {
    let there = destination(BackendKind::Postgrest);
    play(&mut *deliver(&there, &session(), None, batch), |request| tables.borrow_mut().answer(request))
}

fn read(tables: &RefCell<Tables>, epoch: Option<&str>, cursor: &Cursor) -> FeedAnswer {
    let there = destination(BackendKind::Postgrest);
    let who = Session { role: Role::Security, ..session() };
    let epoch = epoch.map(|life| Epoch(life.into()));
    play(&mut *fetch(&there, &who, epoch.as_ref(), cursor), |request| tables.borrow_mut().answer(request)).0
}

fn page(answer: FeedAnswer) -> FeedPage {
    match answer {
        FeedAnswer::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

#[test]
fn what_is_read_back_is_stored_and_sending_again_changes_nothing() {
    let tables = RefCell::default();
    let all = batch(3);
    for _ in 0..2 {
        let (answer, asked) = send(&tables, &all);
        let receipts = script::receipts(answer.clone());
        assert_eq!(receipts.epoch, Epoch("life-1".into()));
        assert_eq!(receipts.receipts[0].received, Some("2026-07-14T03:40:00Z".parse().unwrap()));
        assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 3]);
        assert_eq!(asked.len(), 2, "the life comes with what is read back");
    }
    let row = &tables.borrow().rows[0];
    assert_eq!((&row["event"], &row["author_name"]), (&build::checkin(1).to_json(), &json!("Idriss \"Id\"")));
    assert_eq!(
        (&row["digest"], &row["sent"]),
        (&json!(all[0].entry.digest), &json!(script::NOW.to_string()))
    );
    assert_eq!(tables.borrow().rows.len(), 3);
}

#[test]
fn the_keys_of_supabase_and_a_schema_go_with_every_request() {
    let mut there = destination(BackendKind::Postgrest);
    there.sign_in = crate::sync::SignIn { user: String::new(), secret: "jwt".into(), key: "anon".into() };
    there.options.insert("schema".into(), "field".into());
    let tables = RefCell::new(Tables::default());
    let (_, asked) = play(&mut *deliver(&there, &session(), None, &batch(1)), |request| {
        tables.borrow_mut().answer(request)
    });
    for request in asked {
        for header in [
            ("apikey", "anon"),
            ("authorization", "Bearer jwt"),
            ("accept-profile", "field"),
            ("content-profile", "field"),
        ] {
            assert!(request.headers.contains(&(header.0, header.1.to_owned())), "{header:?}");
        }
    }
}

#[test]
fn a_large_batch_is_read_back_in_addresses_that_proxies_pass() {
    let tables = RefCell::default();
    let all = batch(250);
    let (answer, asked) = send(&tables, &all);
    assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 250]);
    assert_eq!(asked.len(), 4);
}

#[test]
fn one_bad_of_fifty_is_found_by_halving_and_refused_in_the_databases_words() {
    let tables = RefCell::new(Tables::default());
    let all = batch(50);
    tables.borrow_mut().refuses = Some(all[7].entry.id.to_string());
    let refusal = Refusal::new("22P05", "unsupported Unicode escape sequence".into());
    assert_eq!(send(&tables, &all).0, Answer::BadBatch(refusal.clone()));
    assert_eq!(send(&tables, &all[7..8]).0, Answer::BadBatch(refusal), "alone, it is the one");
    assert_eq!(script::outcomes(send(&tables, &all[8..]).0, &all[8..]), vec![Outcome::Accepted; 42]);
}

#[test]
fn refusals_of_rows_are_told_from_faults_of_the_tables_and_of_the_sign_in() {
    let told = |status, code: &str, message: &str| {
        let there = destination(BackendKind::Postgrest);
        let fault = json!({"code": code, "message": message, "details": null, "hint": null});
        play(&mut *deliver(&there, &session(), None, &batch(2)), |_| script::json(status, &fault)).0
    };
    let policy = "new row violates row-level security policy for table \"waymark_records\"";
    for (status, code, message) in [(400, "P0001", "wrong id"), (409, "23505", "key"), (403, "42501", policy)]
    {
        assert_eq!(told(status, code, message), Answer::BadBatch(Refusal::new(code, message.into())));
    }
    assert_eq!(told(403, "42501", "permission denied for table waymark_records"), Answer::SignIn);
    assert_eq!(told(401, "PGRST301", "JWT expired"), Answer::SignIn);
    assert_eq!(told(404, "PGRST205", "no such table"), Answer::Backend(404));
    assert_eq!(told(400, "PGRST204", "no such column"), Answer::Backend(400));
    assert_eq!(told(503, "PGRST002", "no connection"), Answer::Busy(None));
}

#[test]
fn other_content_under_the_same_id_is_a_conflict() {
    let tables = RefCell::new(Tables::default());
    let all = batch(2);
    send(&tables, &all);
    tables.borrow_mut().rows[1]["digest"] = "0".repeat(64).into();
    assert_eq!(script::outcomes(send(&tables, &all).0, &all), [Outcome::Accepted, Outcome::Conflict]);
}

#[test]
fn a_database_that_says_stored_and_is_not_believed() {
    let tables = RefCell::new(Tables::default());
    let all = batch(2);
    tables.borrow_mut().forgets = Some(all[0].entry.id.to_string());
    assert_eq!(script::outcomes(send(&tables, &all).0, &all), [Outcome::Retry, Outcome::Accepted]);
    let (answer, asked) = send(&tables, &all[..1]);
    assert_eq!(script::outcomes(answer, &all[..1]), [Outcome::Retry]);
    assert!(asked[2].path.contains(LIFE), "nothing was read back that told the life");
}

#[test]
fn a_life_that_ends_while_it_is_read_back_keeps_nothing() {
    let tables = RefCell::new(Tables::default());
    let all = batch(150);
    let mut reads = 0;
    let there = destination(BackendKind::Postgrest);
    let (answer, _) = play(&mut *deliver(&there, &session(), None, &all), |request| {
        let reply = tables.borrow_mut().answer(request);
        reads += u32::from(request.path.contains(RECEIPTS));
        if reads == 1 {
            tables.borrow_mut().life = "life-2".into();
        }
        reply
    });
    let outcomes = script::outcomes(answer.clone(), &all);
    assert_eq!(script::receipts(answer).epoch, Epoch("life-2".into()));
    assert!(outcomes[..100].iter().all(|outcome| *outcome == Outcome::Retry));
}

#[test]
fn at_no_step_is_something_else_taken_for_the_tables() {
    let strange = [
        (other(200, "application/json", "[{"), Answer::NotTheBackend),
        (script::json(200, &json!({"rows": []})), Answer::NotTheBackend),
        (other(404, "text/html", "<html>"), Answer::NotTheBackend),
    ];
    for at in 0..2 {
        for (reply, expected) in script::portals().into_iter().chain(strange.clone()) {
            if at == 0
                && matches!(&reply, Ok(response) if response.content_type == "application/json" && response.status == 200)
            {
                continue; // whatever is said to a row that was posted: what is read back counts
            }
            let tables = RefCell::new(Tables::default());
            let mut step = 0;
            let there = destination(BackendKind::Postgrest);
            let (answer, _) = play(&mut *deliver(&there, &session(), None, &batch(2)), |request| {
                step += 1;
                let honest = tables.borrow_mut().answer(request);
                if step == at + 1 { reply.clone() } else { honest }
            });
            assert_eq!(answer, expected, "step {at}: {reply:?}");
        }
    }
}

#[test]
fn the_feed_goes_on_where_it_ended_and_passes_what_it_cannot_read() {
    let tables = RefCell::new(Tables::default());
    let all = batch(230);
    send(&tables, &all[..150]);
    send(&tables, &all[150..]);
    tables.borrow_mut().rows[3]["event"]["digest"] = "x".into();
    let first = page(read(&tables, None, &Cursor::default()));
    assert_eq!((first.records.len(), first.more, first.next.number()), (199, true, 200));
    let rest = page(read(&tables, Some("life-1"), &first.next));
    assert_eq!((rest.records.len(), rest.more, rest.next.number()), (30, false, 230));
    let arrival = rest.records[0].arrival.clone().unwrap();
    assert_eq!((arrival.seq, arrival.author_name.as_str()), (201, "Idriss \"Id\""));
    let end = page(read(&tables, Some("life-1"), &rest.next));
    assert_eq!((end.records.len(), end.more, end.next), (0, false, rest.next));
}

#[test]
fn a_clock_that_was_wrong_by_minutes_when_it_was_sent_is_corrected() {
    let tables = RefCell::new(Tables::default());
    send(&tables, &batch(1));
    for (received, late_ms) in [("2026-07-14T04:35:20Z", 3_600_000), ("2026-07-14T03:35:50Z", 0)] {
        tables.borrow_mut().rows[0]["received"] = received.into();
        let records = page(read(&tables, None, &Cursor::default())).records;
        assert_eq!(records[0].happened().ms_since(build::checkin(1).time), late_ms);
    }
}

#[test]
fn a_database_made_anew_is_noticed_by_whoever_reads() {
    let tables = RefCell::new(Tables { life: "life-2".into(), ..Tables::default() });
    let changed = FeedAnswer::EpochChanged(Epoch("life-2".into()));
    assert_eq!(read(&tables, Some("life-1"), &Cursor::from(40)), changed, "empty");
    send(&tables, &batch(1));
    assert_eq!(read(&tables, Some("life-1"), &Cursor::default()), changed, "with rows");
}

#[test]
fn something_else_is_not_taken_for_a_feed() {
    let strange = FeedAnswer::Failed(Trouble::NotTheBackend, None);
    let there = destination(BackendKind::Postgrest);
    let told =
        |reply: Reply| play(&mut *fetch(&there, &session(), None, &Cursor::default()), |_| reply.clone()).0;
    assert_eq!(told(other(200, "text/html", "<html>")), strange);
    assert_eq!(told(script::json(200, &json!({}))), strange);
    assert_eq!(told(script::json(200, &json!([{"seq": 1}]))), strange, "a table that is not ours");
    assert_eq!(told(script::json(200, &json!([]))), strange, "no life");
    assert_eq!(told(script::json(401, &json!({}))), FeedAnswer::SignIn);
    let missing = json!({"code": "PGRST205", "message": "no such view"});
    assert_eq!(told(script::json(404, &missing)), FeedAnswer::Failed(Trouble::Backend(404), None));
}

#[test]
fn the_connection_test_tells_apart_what_can_be_done_something_about() {
    let there = destination(BackendKind::Postgrest);
    let code = |at: &str, reply: Reply| {
        let mut tables = Tables::default();
        let (found, _) = play(&mut probe(&there, true), |request| {
            if request.no_cors {
                return Ok(Response::default());
            }
            let honest = tables.answer(request);
            if request.path.contains(at) { reply.clone() } else { honest }
        });
        found.code()
    };
    let fault = |status, code: &str| script::json(status, &json!({"code": code, "message": "m"}));
    assert_eq!(code("nothing", other(500, "", "")), "fine");
    assert_eq!(code(RECORDS, fault(404, "PGRST205")), "not_found");
    assert_eq!(code(RECORDS, fault(400, "42703")), "schema");
    assert_eq!(code(RECORDS, other(404, "text/html", "<html>")), "not_found");
    assert_eq!(code(FEED, fault(404, "PGRST205")), "schema");
    assert_eq!(code(RECEIPTS, fault(404, "42P01")), "schema");
    assert_eq!(code(LIFE, script::json(200, &json!([]))), "schema");
    assert_eq!(code(FEED, fault(403, "42501")), "sign_in");
    assert_eq!(code(RECORDS, other(200, "text/html", "<html>")), "captive_portal");
    assert_eq!(code(RECORDS, Err(NoResponse::Network)), "cors");
}
