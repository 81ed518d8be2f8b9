//! OpenRosa: ODK Central, KoboToolbox, Ona.
//!
//! The address is that under which `/formList` and `/submission` are: of ODK Central `https://…/v1/projects/7`, of
//! KoboToolbox `https://kc.kobotoolbox.org`, of Ona `https://api.ona.io/{user}`. The sign-in is a user and a password (HTTP
//! Basic). No options. The forms of `waymark-server forms` have to be published there.
//!
//! Each record is a submission of its kind's form (`backend/xform`) whose instance ID is its id. It is acknowledged by status
//! 201 or 202 with an `OpenRosaResponse`; status 200 is none. What the server holds afterwards cannot be asked: records are
//! sent, not verified. These servers let no other site's page in (CORS): a phone reaches them through a relay.
//!
//! Sources: OpenRosa "Form Submission API", "HTTP Requests and Responses" and "Form List API" (docs.getodk.org).

use serde_json::Value;

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::one_by_one::{OneByOne, Post, Step};
use super::reference::{is_page, json};
use super::reply::usual;
use super::xform::instance::instance;
use super::{NoResponse, Payload, Request, Response, Talk};
use crate::event::Stamp;
use crate::sync::{Answer, Destination, Epoch, Outcome, Queued, Refusal};

/// An OpenRosa server never says that it began anew.
const EPOCH: &str = "-";
/// The longest part of a server's own words that is shown.
const WORDS: usize = 200;

/// Sends `batch`, one submission for each record.
pub fn deliver(destination: &Destination, batch: &[Queued]) -> Talk<Answer> {
    Box::new(OneByOne::new(Submissions { access: access(destination) }, Epoch(EPOCH.into()), batch))
}

/// Asks for the list of forms, and whether ours are on it.
pub fn probe(destination: &Destination, online: bool) -> Probe {
    let judge: Judge = |response| {
        let list = String::from_utf8_lossy(&response.body);
        match response.status {
            404 => Err(Connection::NotFound),
            200 if is_page(response) || !list.contains("xform") => Err(Connection::CaptivePortal),
            200 if !list.contains(">waymark_checkin<") => Err(Connection::Schema),
            200 => Ok(()),
            _ => Err(Connection::CaptivePortal),
        }
    };
    let request = access(destination).get("/formList");
    Probe::new(destination, online, vec![(Request { max_bytes: 1 << 20, ..request }, judge)])
}

fn access(destination: &Destination) -> Access {
    Access::new(destination).with("accept", "text/xml, application/xml").with("x-openrosa-version", "1.0")
}

struct Submissions {
    access: Access,
}

impl Post for Submissions {
    fn begin(&mut self, queued: &Queued, _now: Stamp) -> Step {
        let Some(xml) = instance(&queued.json) else {
            return Step::Decided(Outcome::Rejected(Refusal::new("invalid_record", String::new())));
        };
        // What is sent names its own digest nowhere after two hyphens: the boundary is not in it.
        let boundary = format!("waymark-{}", queued.entry.digest);
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"{}.xml\"\r\n\
             Content-Type: text/xml\r\n\r\n{xml}\r\n--{boundary}--\r\n",
            queued.entry.id
        );
        let content_type = format!("multipart/form-data; boundary={boundary}");
        Step::Ask(self.access.send("POST", "/submission", &content_type, Payload::Text(body)))
    }

    fn read(&mut self, _queued: &Queued, reply: Result<Response, NoResponse>, now: Stamp) -> Step {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return fault.into(),
        };
        let Some(words) = own_words(&response) else {
            return Step::Stop(match response.status {
                status @ 400..=499 if !is_page(&response) => Answer::Backend(status),
                _ => Answer::NotTheBackend,
            });
        };
        let rejected = |code: &str| Step::Decided(Outcome::Rejected(Refusal::new(code, words.clone())));
        match response.status {
            201 | 202 => Step::Decided(Outcome::Accepted),
            409 => rejected("conflict"),
            // This form alone: what others ask for goes on.
            404 => rejected("form_not_published"),
            400 | 422 => rejected("invalid_record"),
            status @ 400..=499 => Step::Stop(Answer::Backend(status)),
            _ => Step::Stop(Answer::NotTheBackend),
        }
    }
}

/// The message of an OpenRosa answer, or of the JSON that ODK Central gives errors in; `None` if it is neither.
fn own_words(response: &Response) -> Option<String> {
    if is_page(response) {
        return None;
    }
    if response.status >= 400
        && let Some(message) =
            json(response).as_ref().and_then(|body| body.get("message")).and_then(Value::as_str)
    {
        return Some(message.chars().take(WORDS).collect());
    }
    let text = str::from_utf8(&response.body).ok()?;
    let (_, inner) = text.split_once("<OpenRosaResponse")?;
    let message = inner.split_once("<message").and_then(|(_, rest)| rest.split_once('>'));
    let message = message.and_then(|(_, rest)| rest.split_once("</message>")).map_or("", |(words, _)| words);
    let plain =
        message.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    Some(plain.chars().take(WORDS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::script::{self, batch, destination, other, play};
    use crate::sync::BackendKind;

    type Reply = Result<Response, NoResponse>;

    fn envelope(status: u16, message: &str) -> Reply {
        let xml = format!(
            "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"><message nature=\"x\">{message}</message></OpenRosaResponse>"
        );
        other(status, "text/xml; charset=utf-8", &xml)
    }

    fn sent(batch: &[Queued], answer: impl FnMut(&Request) -> Reply) -> (Answer, Vec<Request>) {
        play(&mut *deliver(&destination(BackendKind::OpenRosa), batch), answer)
    }

    #[test]
    fn a_record_is_a_submission_and_201_or_202_acknowledges_it() {
        for status in [201, 202] {
            let all = batch(2);
            let (answer, asked) = sent(&all, |_| envelope(status, "thanks"));
            assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 2]);
            let request = &asked[0];
            assert_eq!(request.path, "https://backend.example/base/submission");
            assert!(request.headers.contains(&("x-openrosa-version", "1.0".to_owned())));
            let boundary = format!("waymark-{}", all[0].entry.digest);
            let content_type = ("content-type", format!("multipart/form-data; boundary={boundary}"));
            assert!(request.headers.contains(&content_type));
            let parts: Vec<_> = request.text().split(&format!("--{boundary}")).collect();
            assert_eq!(parts.len(), 3);
            assert!(parts[1].contains("name=\"xml_submission_file\""), "{}", parts[1]);
            assert!(parts[1].ends_with("</data>\r\n"), "{}", parts[1]);
            assert!(parts[1].contains(&format!("uuid:{}", all[0].entry.id)));
        }
    }

    #[test]
    fn whatever_is_no_openrosa_answer_acknowledges_nothing() {
        for (reply, expected) in script::portals().into_iter().chain([
            (envelope(200, "ok"), Answer::NotTheBackend),
            (other(201, "text/plain", "created"), Answer::NotTheBackend),
            (other(201, "", ""), Answer::NotTheBackend),
            (other(201, "application/json", r#"{"message":"x"}"#), Answer::NotTheBackend),
            (other(404, "text/plain", "not found"), Answer::Backend(404)),
            (other(404, "text/html", "<html>"), Answer::NotTheBackend),
        ]) {
            assert_eq!(sent(&batch(2), |_| reply.clone()).0, expected, "{reply:?}");
        }
    }

    #[test]
    fn one_bad_of_fifty_is_refused_in_the_servers_words_and_the_others_go_on() {
        let all = batch(50);
        for (status, code) in [(409, "conflict"), (404, "form_not_published"), (400, "invalid_record")] {
            let bad = all[11].entry.id.to_string();
            let (answer, _) = sent(&all, |request| {
                if request.text().contains(&bad) {
                    envelope(status, "a &lt;b&gt;")
                } else {
                    envelope(201, "ok")
                }
            });
            for (at, outcome) in script::outcomes(answer, &all).into_iter().enumerate() {
                let refused = Outcome::Rejected(Refusal::new(code, "a <b>".into()));
                assert_eq!(outcome, if at == 11 { refused } else { Outcome::Accepted }, "{at}");
            }
        }
        let central = script::json(409, &serde_json::json!({"code": 409.1, "message": "exists"}));
        let outcome = script::outcomes(sent(&all[..1], |_| central.clone()).0, &all[..1]);
        assert_eq!(outcome, [Outcome::Rejected(Refusal::new("conflict", "exists".into()))]);
    }

    #[test]
    fn a_sign_in_refused_in_the_middle_keeps_what_was_taken_before() {
        let mut left = 3;
        let (answer, _) = sent(&batch(5), |_| {
            left -= 1;
            if left < 0 { envelope(401, "sign in") } else { envelope(201, "ok") }
        });
        assert_eq!(script::receipts(answer).receipts.len(), 3);
    }

    #[test]
    fn the_connection_test_says_whether_the_forms_are_published() {
        let there = destination(BackendKind::OpenRosa);
        let code = |reply: Reply| play(&mut probe(&there, true), |_| reply.clone()).0.code();
        let list = |id: &str| {
            other(200, "text/xml", &format!("<xforms><xform><formID>{id}</formID></xform></xforms>"))
        };
        assert_eq!(code(list("waymark_checkin")), "fine");
        assert_eq!(code(list("survey")), "schema");
        assert_eq!(code(other(200, "text/xml", "<html/>")), "captive_portal");
        assert_eq!(code(envelope(401, "sign in")), "sign_in");
        assert_eq!(code(envelope(404, "no")), "not_found");
    }
}
