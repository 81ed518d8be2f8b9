use serde_json::{Value, json};

use super::*;
use crate::backend::reference::PROBLEM_TYPE;
use crate::backend::script;
use crate::sync::{BackendKind, verdicts};

fn hook(secret: &str, mode: &str) -> Destination {
    let mut destination = script::destination(BackendKind::Webhook);
    destination.sign_in.secret = secret.into();
    destination.options.insert("mode".into(), mode.into());
    destination
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.iter().find(|(there, _)| *there == name).map_or("", |(_, value)| value)
}

#[test]
fn signatures_are_those_of_standard_webhooks() {
    // The example of the libraries of Standard Webhooks.
    let key = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    assert_eq!(
        sign(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    );
    let (plain, prefixed) = (Hook::new(&hook("MfKQ", "")), Hook::new(&hook("whsec_MfKQ", "")));
    assert_eq!(plain.key.as_deref(), Some(b"MfKQ".as_slice()));
    assert_eq!(prefixed.key, from_base64("MfKQ"));
    let unsigned = Hook::new(&hook("", "")).post("id", BATCH_TYPE, "[]".into(), Stamp(0));
    assert_eq!(header(&unsigned, "webhook-signature"), "");
}

#[test]
fn a_batch_is_one_signed_request_and_the_same_again_has_the_same_id() {
    let batch = script::batch(3);
    let destination = hook("s", "");
    let (answer, asked) =
        script::play(&mut *deliver(&destination, &batch), |_| script::other(202, "text/plain", "Accepted"));
    assert_eq!(script::outcomes(answer, &batch), vec![Outcome::Accepted; 3]);
    let [request] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((request.method, request.path.as_str()), ("POST", "https://backend.example/base"));
    assert_eq!(header(request, "content-type"), BATCH_TYPE);
    let body: Vec<Value> = serde_json::from_str(request.text()).unwrap();
    assert_eq!(body.len(), 3);
    let (_, again) = script::play(&mut *deliver(&destination, &batch), |_| script::other(204, "", ""));
    assert_eq!(header(&again[0], "webhook-id"), header(request, "webhook-id"));
    assert!(header(request, "webhook-signature").starts_with("v1,"));
}

#[test]
fn what_is_no_answer_of_a_receiver_is_no_receipt() {
    let batch = script::batch(2);
    for mode in ["batch", "single"] {
        for (reply, answer) in script::portals() {
            let (told, _) = script::play(&mut *deliver(&hook("s", mode), &batch), |_| reply.clone());
            assert_eq!(told, answer, "{mode} {reply:?}");
        }
        let disguised = script::other(200, "text/plain", "\n <!doctype html><html>");
        let (told, _) = script::play(&mut *deliver(&hook("s", mode), &batch), |_| disguised.clone());
        assert_eq!(told, Answer::NotTheBackend);
        let (told, _) = script::play(&mut *deliver(&hook("s", mode), &batch), |_| script::other(404, "", ""));
        assert_eq!(told, Answer::Backend(404));
    }
}

#[test]
fn a_receiver_that_speaks_receipts_is_taken_at_its_word() {
    let batch = script::batch(2);
    let entries: Vec<_> = batch.iter().map(|queued| queued.entry.clone()).collect();
    let own = Receipts {
        epoch: Epoch("theirs".into()),
        received: script::NOW,
        receipts: vec![receipt(&batch[1], &Outcome::Accepted)],
    };
    for mode in ["batch", "single"] {
        let reply = script::json(200, &own.to_value());
        let (answer, _) = script::play(&mut *deliver(&hook("s", mode), &batch), |_| reply.clone());
        let told = script::receipts(answer);
        let stored: Vec<_> = verdicts(&entries, &told.receipts)
            .into_iter()
            .map(|(_, verdict)| matches!(verdict, crate::sync::Verdict::Stored { .. }))
            .collect();
        assert_eq!(stored, [false, true], "{mode}");
    }
}

#[test]
fn a_refused_batch_is_looked_through_and_a_refused_record_is_refused() {
    let batch = script::batch(50);
    let problem = json!({"title": "Bad", "code": "no_such_area", "detail": "unknown area"});
    let refused = script::other(422, PROBLEM_TYPE, &problem.to_string());
    let (answer, _) = script::play(&mut *deliver(&hook("s", ""), &batch), |_| refused.clone());
    let refusal = Refusal::new("no_such_area", "unknown area".into());
    assert_eq!(answer, Answer::BadBatch(refusal));

    let bad = batch[20].entry.id.to_string();
    let (answer, asked) = script::play(&mut *deliver(&hook("s", "single"), &batch), |request| {
        assert_eq!(header(request, "content-type"), SINGLE_TYPE);
        if request.text().contains(&bad) {
            script::other(400, "text/plain", "no")
        } else {
            script::other(200, "", "")
        }
    });
    let outcomes = script::outcomes(answer, &batch);
    assert_eq!(asked.len(), 50);
    for (at, outcome) in outcomes.into_iter().enumerate() {
        let expected = if at == 20 {
            Outcome::Rejected(Refusal::new("http_400", "no".into()))
        } else {
            Outcome::Accepted
        };
        assert_eq!(outcome, expected, "{at}");
    }
}

#[test]
fn a_sign_in_refused_in_the_middle_keeps_what_was_taken_before() {
    let batch = script::batch(5);
    let mut left = 2;
    let (answer, asked) = script::play(&mut *deliver(&hook("s", "single"), &batch), |_| {
        left -= 1;
        if left < 0 { script::json(401, &json!({})) } else { script::other(200, "", "") }
    });
    assert_eq!(script::receipts(answer).receipts.len(), 2);
    assert_eq!(asked.len(), 3);
}

#[test]
fn the_connection_test_tells_apart_what_can_be_done_something_about() {
    let test = |reply: Result<Response, NoResponse>, knock: Result<Response, NoResponse>, online| {
        let mut probe = probe(&hook("s", ""), online, script::NOW);
        script::play(&mut probe, |request| if request.no_cors { knock.clone() } else { reply.clone() }).0
    };
    let none = || Err(NoResponse::Network);
    let code = |reply, knock, online| test(reply, knock, online).code();
    assert_eq!(code(script::json(400, &json!({})), none(), true), "fine");
    assert_eq!(code(script::other(204, "", ""), none(), true), "fine");
    assert_eq!(code(script::other(404, "", ""), none(), true), "not_found");
    assert_eq!(code(script::other(200, "text/html", "<html>"), none(), true), "captive_portal");
    assert_eq!(code(script::other(302, "", ""), none(), true), "captive_portal");
    assert_eq!(code(script::other(401, "", ""), none(), true), "sign_in");
    assert_eq!(test(script::other(500, "", ""), none(), true), Connection::ServerError(500));
    assert_eq!(code(none(), Ok(Response::default()), true), "cors");
    assert_eq!(code(none(), none(), true), "unreachable");
    assert_eq!(code(none(), none(), false), "offline");
    assert_eq!(code(Err(NoResponse::TimedOut), none(), true), "unreachable");
}
