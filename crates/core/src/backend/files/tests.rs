use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::backend::script::{self, batch, destination, other, play, session};
use crate::backend::{s3, webdav};
use crate::sync::{BackendKind, Destination};

type Reply = Result<Response, NoResponse>;

/// As much of a WebDAV server or of S3 as the adapters use.
struct Disk {
    files: BTreeMap<String, String>,
    folder: bool,
    /// Says that it wrote the file with this in its name, and does not.
    forgets: Option<String>,
    checksums: bool,
}

impl Disk {
    fn new(folder: bool) -> Self {
        Self { files: BTreeMap::new(), folder, forgets: None, checksums: true }
    }

    fn answer(&mut self, request: &Request) -> Reply {
        let address = request.path.split('?').next().unwrap();
        let name = address.strip_prefix("https://backend.example/base/").unwrap().to_owned();
        match request.method {
            "MKCOL" => {
                let status = if std::mem::replace(&mut self.folder, true) { 405 } else { 201 };
                other(status, "", "")
            }
            "PUT" => {
                let only_new = request.headers.contains(&("if-none-match", "*".to_owned()));
                if !self.folder {
                    return other(409, "application/xml", "<d:error/>");
                }
                if only_new && self.files.contains_key(&name) {
                    return other(412, "application/xml", "<d:error/>");
                }
                if !self.forgets.as_ref().is_some_and(|part| name.contains(part)) {
                    self.files.insert(name, request.text().to_owned());
                }
                other(201, "", "")
            }
            "GET" | "HEAD" => match self.files.get(&name) {
                Some(file) => {
                    let checksum = base64(&sha256(file.as_bytes()));
                    let headers = if self.checksums { vec![(CHECKSUM, checksum)] } else { vec![] };
                    let body = if request.method == "GET" { file.clone() } else { String::new() };
                    Ok(Response { headers, ..other(200, "application/json", &body)? })
                }
                None => other(404, "application/xml", "<d:error/>"),
            },
            method => panic!("{method}"),
        }
    }
}

fn places() -> [Destination; 2] {
    let mut s3 = destination(BackendKind::S3);
    s3.options.insert("path_style".into(), "yes".into());
    [destination(BackendKind::WebDav), s3]
}

fn sent(
    there: &Destination,
    batch: &[Queued],
    answer: impl FnMut(&Request) -> Reply,
) -> (Answer, Vec<Request>) {
    let mut dialogue = match there.kind {
        BackendKind::S3 => s3::deliver(there, &session(), batch),
        _ => webdav::deliver(there, &session(), batch),
    };
    play(&mut *dialogue, answer)
}

#[test]
fn records_are_written_once_and_believed_when_they_are_read_back() {
    for there in places() {
        for checksums in [true, false] {
            let disk = RefCell::new(Disk { checksums, ..Disk::new(true) });
            let all = batch(3);
            let (answer, _) = sent(&there, &all, |request| disk.borrow_mut().answer(request));
            let epoch = script::receipts(answer.clone()).epoch;
            assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 3]);
            assert_eq!(disk.borrow().files.len(), 4);
            let (answer, asked) = sent(&there, &all, |request| disk.borrow_mut().answer(request));
            assert_eq!(script::receipts(answer.clone()).epoch, epoch, "the same life");
            assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 3], "sent again");
            let reads_all = there.kind == BackendKind::WebDav || !checksums;
            let gets = asked.iter().filter(|request| request.method == "GET").count();
            assert_eq!(gets, if reads_all { 4 } else { 1 }, "checksums spare reading what was sent");
        }
    }
}

#[test]
fn a_folder_is_made_where_there_is_none() {
    let there = destination(BackendKind::WebDav);
    let disk = RefCell::new(Disk::new(false));
    let (answer, asked) = sent(&there, &batch(1), |request| disk.borrow_mut().answer(request));
    assert_eq!(script::outcomes(answer, &batch(1)), [Outcome::Accepted]);
    let methods: Vec<_> = asked.iter().map(|request| request.method).collect();
    assert_eq!(methods, ["GET", "PUT", "MKCOL", "PUT", "GET", "PUT", "GET"]);
    let never = sent(&there, &batch(1), |request| match request.method {
        "MKCOL" => other(201, "", ""),
        "PUT" => other(409, "", ""),
        _ => other(404, "", ""),
    });
    assert_eq!(never.0, Answer::NotTheBackend, "a folder that is never there ends the try");
}

#[test]
fn a_bucket_that_is_not_there_is_a_fault_of_the_settings() {
    let [_, there] = places();
    let (answer, asked) = sent(&there, &batch(2), |_| other(404, "application/xml", "<Error/>"));
    assert_eq!((answer, asked.len()), (Answer::Backend(404), 2));
}

#[test]
fn an_emptied_folder_has_another_life() {
    for there in places() {
        let disk = RefCell::new(Disk::new(true));
        let (answer, _) = sent(&there, &batch(2), |request| disk.borrow_mut().answer(request));
        let epoch = script::receipts(answer).epoch;
        disk.borrow_mut().files.clear();
        let rest = &batch(3)[2..];
        let (answer, _) = sent(&there, rest, |request| disk.borrow_mut().answer(request));
        assert_ne!(script::receipts(answer).epoch, epoch);
    }
}

#[test]
fn a_backend_that_says_stored_and_is_not_believed() {
    for there in places() {
        let all = batch(3);
        let forgets = Some(all[1].entry.id.to_string());
        let disk = RefCell::new(Disk { forgets, ..Disk::new(true) });
        let (answer, _) = sent(&there, &all, |request| disk.borrow_mut().answer(request));
        assert_eq!(script::outcomes(answer, &all), [Outcome::Accepted, Outcome::Retry, Outcome::Accepted]);
    }
}

#[test]
fn other_content_under_the_same_name_is_a_conflict_and_the_same_in_other_writing_is_not() {
    for there in places() {
        let all = batch(50);
        let disk = RefCell::new(Disk::new(true));
        let pretty = serde_json::to_string_pretty(&crate::testing::build::checkin(8).to_json()).unwrap();
        for (at, content) in [(20, r#"{"id":"x","digest":"y"}"#.to_owned()), (7, pretty)] {
            disk.borrow_mut().files.insert(name(&all[at]), content);
        }
        let (answer, _) = sent(&there, &all, |request| disk.borrow_mut().answer(request));
        for (at, outcome) in script::outcomes(answer, &all).into_iter().enumerate() {
            assert_eq!(outcome, if at == 20 { Outcome::Conflict } else { Outcome::Accepted }, "{at}");
        }
    }
}

#[test]
fn at_no_step_is_something_else_taken_for_the_backend() {
    let strange = [(other(207, "text/html", "<html>"), Answer::NotTheBackend)];
    for there in places() {
        // The last of these is not reached: nothing is said in its place.
        for at in 0..=5 {
            for (reply, expected) in script::portals().into_iter().chain(strange.clone()) {
                let disk = RefCell::new(Disk::new(true));
                let mut step = 0;
                let (answer, asked) = sent(&there, &batch(1), |request| {
                    step += 1;
                    if step == at + 1 { reply.clone() } else { disk.borrow_mut().answer(request) }
                });
                let said_written = matches!(&reply, Ok(response) if [200, 201].contains(&response.status));
                match answer {
                    Answer::Receipts(receipts) => {
                        let instead_of = asked.get(at).map(|request| request.method);
                        assert!(
                            said_written && instead_of != Some("GET") || at >= asked.len(),
                            "step {at}: {reply:?}"
                        );
                        let stored = receipts.receipts[0].outcome() == Some(Outcome::Accepted);
                        assert_eq!(
                            stored,
                            disk.borrow().files.len() == 2,
                            "step {at}: what is on the disk counts"
                        );
                    }
                    answer => assert_eq!(answer, expected, "step {at}: {reply:?}"),
                }
            }
        }
    }
}

#[test]
fn what_was_stored_before_a_refused_sign_in_stays_stored() {
    for there in places() {
        let disk = RefCell::new(Disk::new(true));
        let mut puts = 0;
        let (answer, _) = sent(&there, &batch(5), |request| {
            puts += u32::from(request.method == "PUT");
            if puts > 3 { script::json(401, &json!({})) } else { disk.borrow_mut().answer(request) }
        });
        assert_eq!(script::receipts(answer).receipts.len(), 2, "the life and two records");
    }
}

#[test]
fn what_is_read_back_is_bounded_by_what_was_sent() {
    let there = destination(BackendKind::WebDav);
    let disk = RefCell::new(Disk::new(true));
    let (_, asked) = sent(&there, &batch(1), |request| disk.borrow_mut().answer(request));
    assert!(asked.iter().all(|request| request.max_bytes <= (64 << 10) + batch(1)[0].json.len()));
}

#[test]
fn the_connection_test_of_webdav() {
    let there = destination(BackendKind::WebDav);
    let code = |reply: Reply| play(&mut webdav::probe(&there, true), |_| reply.clone()).0.code();
    assert_eq!(code(other(207, "application/xml", "<d:multistatus/>")), "fine");
    assert_eq!(code(other(404, "text/html", "")), "not_found");
    assert_eq!(code(other(405, "text/html", "")), "schema");
    assert_eq!(code(other(200, "text/html", "<html>")), "captive_portal");
    assert_eq!(code(other(401, "application/xml", "")), "sign_in");
}

#[test]
fn what_a_killed_server_left_of_a_file_is_written_anew() {
    for there in places() {
        for left in [0, 1, 11, 12, 40] {
            let disk = RefCell::new(Disk::new(true));
            let all = batch(3);
            let file = format!("{}.json", all[1].entry.id);
            disk.borrow_mut().files.insert(file.clone(), all[1].json[..left].to_owned());
            let whole = sent(&there, &all[..1], |request| disk.borrow_mut().answer(request)).0;
            let life = disk.borrow().files[LIFE].clone();
            disk.borrow_mut().files.insert(LIFE.to_owned(), life[..left].to_owned());
            let (answer, _) = sent(&there, &all, |request| disk.borrow_mut().answer(request));
            assert_eq!(script::receipts(answer.clone()).epoch, script::receipts(whole).epoch, "{left}");
            assert_eq!(script::outcomes(answer, &all), vec![Outcome::Accepted; 3], "{left}");
            assert_eq!(disk.borrow().files[&file], all[1].json);
        }
    }
}

#[test]
fn a_life_that_another_phone_is_writing_is_left_to_it() {
    for there in places() {
        let disk = RefCell::new(Disk::new(true));
        let all = batch(1);
        let whole = sent(&there, &all, |request| disk.borrow_mut().answer(request)).0;
        let mut looks = 0;
        let (answer, asked) = sent(&there, &all, |request| {
            let reply = disk.borrow_mut().answer(request)?;
            if request.method != "GET" || !request.path.contains(LIFE) {
                return Ok(reply);
            }
            looks += 1;
            let written = [12, 40].get(looks - 1).copied().unwrap_or(reply.body.len());
            Ok(Response { body: reply.body[..written].to_vec(), ..reply })
        });
        assert_eq!(script::receipts(answer).epoch, script::receipts(whole).epoch);
        let put = asked.iter().any(|request| request.method == "PUT" && request.path.contains(LIFE));
        assert!(!put && looks == 3, "{looks}");
    }
}

#[test]
fn what_cannot_be_mended_is_not_tried_for_ever() {
    for there in places() {
        let all = batch(2);
        let life = r#"{"type":"waymark.life"}"#;
        let (answer, asked) = sent(&there, &all, |request| match request.method {
            "PUT" => other(if request.path.contains(LIFE) { 412 } else { 204 }, "", ""),
            "HEAD" => other(200, "", ""),
            _ if request.path.contains(LIFE) => other(200, "application/json", life),
            _ => other(200, "application/json", "{"),
        });
        assert_eq!(script::outcomes(answer, &all), vec![Outcome::Retry; 2]);
        assert!(asked.len() < 16, "{}", asked.len());
        let (answer, asked) = sent(&there, &all, |request| match request.method {
            "PUT" => other(204, "", ""),
            _ => other(200, "application/json", ""),
        });
        assert_eq!(answer, Answer::NotTheBackend);
        assert!(asked.len() < 12, "{}", asked.len());
    }
}
