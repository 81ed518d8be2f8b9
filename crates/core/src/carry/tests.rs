use serde_json::Value;

use super::*;
use crate::event::{Event, EventId, PeopleState, Stamp};
use crate::guidance::Key;
use crate::rules::Role;
use crate::sync::{Entry, Epoch, Outcome, Refusal, Session};
use crate::testing::build;
use crate::testing::carry_suite::{bundle_of, certificate, key_of, receipts, server, session_of};
use crate::testing::random::Random;

fn idriss() -> Session {
    session_of("d2", Role::Traveller)
}

fn events(count: u64) -> Vec<Event> {
    let made = |n| {
        let body = build::checkin_body(PeopleState::Safe, &format!("check-in {n}"));
        build::unsaved("d2", n, body).into_event(n)
    };
    (1..=count).map(made).collect()
}

fn bundle() -> String {
    bundle_of(&idriss(), &events(3))
}

/// The text with line `at`, from 0, changed as JSON.
fn with_line(text: &str, at: usize, change: impl FnOnce(&mut Value)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut json: Value = serde_json::from_str(&lines[at]).unwrap();
    change(&mut json);
    lines[at] = json.to_string();
    lines.join("\n") + "\n"
}

fn trust<'a>(org: &'a crate::event::OrgId, server: Option<&'a Key>, known: &'a [KnownKey]) -> Trust<'a> {
    Trust { org, server, known }
}

#[test]
fn a_bundle_is_read_as_it_was_written() {
    let read = parse(&bundle()).unwrap();
    let [parcel] = read.parcels.as_slice() else { panic!("{read:?}") };
    assert_eq!(parcel.manifest.name, "Name of d2");
    let got: Vec<Event> = parcel.records.iter().map(|(event, _)| event.clone()).collect();
    assert_eq!(got, events(3));
    let (key, org) = (server().public(), "acme".into());
    let voucher = trust(&org, Some(&key), &[]).judge(parcel).unwrap();
    assert!(matches!(voucher, Voucher::Server(own) if own.role == Role::Traveller));
}

#[test]
fn wherever_it_breaks_off_it_is_found_out() {
    let text = bundle();
    let first = text.find('\n').unwrap();
    for length in (0..text.len() - 1).filter(|length| text.is_char_boundary(*length)) {
        let expected = if length < first { BundleError::NotABundle } else { BundleError::Truncated };
        assert_eq!(parse(&text[..length]), Err(expected), "{length}");
    }
    assert!(parse(&text[..text.len() - 1]).is_ok(), "the last line needs no end");
    // A line that is missing in the middle, or too much.
    let lines: Vec<&str> = text.lines().collect();
    for missing in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.remove(missing);
        assert!(parse(&lines.join("\n")).is_err(), "{missing}");
    }
    assert!(matches!(parse(&format!("{text}{{}}\n")), Err(BundleError::Unreadable(_))));
}

#[test]
fn no_byte_of_a_record_or_a_manifest_can_be_changed() {
    let text = bundle();
    let changed = || Err(BundleError::Changed("Name of d2".into()));
    // What the record's own digest does not cover: when, about what, whether it is an exercise.
    for (member, value) in [
        ("time", "2026-07-14T09:00:00.000Z".into()),
        ("exercise", true.into()),
        ("author", "d9".into()),
        ("devseq", 9.into()),
        ("later", 1.into()),
    ] {
        assert_eq!(parse(&with_line(&text, 2, |json| json[member] = value)), changed(), "{member}");
    }
    assert_eq!(parse(&text.replace("check-in 2", "check-in 9")), changed());
    let renamed = |json: &mut Value| {
        let text = json["parcel"]["text"].as_str().unwrap().replace("Name of d2", "Amina");
        json["parcel"]["text"] = text.into();
    };
    assert_eq!(parse(&with_line(&text, 1, renamed)), Err(BundleError::Changed("Amina".into())));
    let more = |json: &mut Value| json["lines"] = 4.into();
    assert_eq!(parse(&with_line(&text, 1, more)), changed());
}

#[test]
fn fewer_records_than_were_signed_are_the_same_parcel() {
    let text = bundle();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(3);
    let text =
        lines.join("\n").replace(r#""lines":3"#, r#""lines":2"#).replace(r#"{"end":4}"#, r#"{"end":3}"#);
    let parcel = parse(&text).unwrap().parcels.remove(0);
    assert_eq!(parcel.records.len(), 2);
    assert_eq!(parcel.digest(), parse(&bundle()).unwrap().parcels[0].digest());
}

#[test]
fn what_is_too_large_or_of_another_kind_is_refused_by_name() {
    for strange in ["", "\n", "[]", "{}", "hello", r#"{"format":"waymark-bundle"}"#, r#"{"version":1}"#] {
        assert_eq!(parse(strange), Err(BundleError::NotABundle), "{strange}");
    }
    let newer = bundle().replace(r#""version":1"#, r#""version":7"#);
    assert_eq!(parse(&newer), Err(BundleError::NewerVersion(7)));
    assert_eq!(parse(&"x".repeat(MAX_BYTES + 1)), Err(BundleError::TooLarge));
    assert_eq!(parse(&"\n".repeat(MAX_BYTES)), Err(BundleError::TooLarge));
    let many = |json: &mut Value| json["lines"] = 5_001.into();
    assert_eq!(parse(&with_line(&bundle(), 1, many)), Err(BundleError::TooLarge));
    let odd = |json: &mut Value| json["lines"] = (-1).into();
    assert_eq!(parse(&with_line(&bundle(), 1, odd)), Err(BundleError::Unreadable(2)));
    let head = bundle().lines().next().unwrap().to_owned();
    let receipts = r#"{"receipts":{"text":"","signature":""}}"#;
    let flood = format!("{head}\n{}", format!("{receipts}\n").repeat(600));
    assert_eq!(parse(&flood), Err(BundleError::TooLarge));
    let deep = format!("{head}\n{}", "[".repeat(100_000));
    assert!(parse(&deep).is_err());
}

#[test]
fn nobody_signs_for_another() {
    let (other, own) = (session_of("d3", Role::Manager), idriss());
    // The records of d2 in a parcel that d3 has signed.
    let text = bundle_of(&other, &events(1));
    assert_eq!(parse(&text), Err(BundleError::WrongAuthor("Name of d3".into())));
    // And in one that d3 has signed as d2, with its certificate, with that of d2, and with none.
    let (key, org) = (server().public(), "acme".into());
    let posing = |certificate: Option<&SignedText>| {
        let posing = Own { session: &own, key: &key_of(&other), certificate };
        parse(&write(&posing, &events(1), &[], &[], Stamp(0)).text).unwrap().parcels.remove(0)
    };
    for certificate in [certificate(&other), certificate(&own)] {
        let wrong = Err(BundleError::WrongCertificate("Name of d2".into()));
        assert_eq!(trust(&org, Some(&key), &[]).judge(&posing(Some(&certificate))), wrong);
    }
    let known = [KnownKey { device: "d2".into(), name: "Idriss".into(), key: key_of(&own).public() }];
    let bare = posing(None);
    let other_key = Err(BundleError::OtherKey { name: "Name of d2".into() });
    assert_eq!(trust(&org, Some(&key), &known).judge(&bare), other_key);
    assert_eq!(trust(&org, Some(&key), &[]).judge(&bare), Ok(Voucher::Nobody));
    let foreign = "other".into();
    let refused = Err(BundleError::ForeignOrganisation("acme".into()));
    assert_eq!(trust(&foreign, Some(&key), &known).judge(&bare), refused);
    let genuine = parse(&bundle()).unwrap().parcels.remove(0);
    assert_eq!(trust(&org, None, &known).judge(&genuine), Ok(Voucher::Known));
    assert_eq!(trust(&org, None, &[]).judge(&genuine), Ok(Voucher::Nobody));
    let old = [KnownKey { key: server().public(), ..known[0].clone() }];
    let vouched = trust(&org, Some(&key), &old).judge(&genuine).unwrap();
    assert!(matches!(vouched, Voucher::Server(_)), "the server knows of a new key");
}

#[test]
fn a_parcel_goes_over_many_hands_as_it_was() {
    let mut text = bundle();
    let first = parse(&text).unwrap().parcels.remove(0);
    for hop in 3..8_u64 {
        let bearer = session_of(&format!("d{hop}"), Role::Traveller);
        let own = build::unsaved(&bearer.device.0, hop, build::emergency_body()).into_event(1);
        let carried: Vec<CarriedParcel> = parse(&text)
            .unwrap()
            .parcels
            .iter()
            .map(|parcel| CarriedParcel {
                lines: parcel.records.iter().map(|(_, line)| line.clone()).collect(),
                ..CarriedParcel::of(parcel, &parcel.manifest.name, Stamp(0))
            })
            .collect();
        let by = Own { session: &bearer, key: &key_of(&bearer), certificate: None };
        text = write(&by, &[own], &carried, &[], Stamp(0)).text;
    }
    let parcels = parse(&text).unwrap().parcels;
    assert_eq!(parcels.len(), 6);
    assert_eq!(*parcels.last().unwrap(), first);
}

#[test]
fn what_does_not_fit_is_counted_and_the_rest_is_whole() {
    let long = "x".repeat(500);
    let made = |n| build::unsaved("d2", n, build::checkin_body(PeopleState::Safe, &long)).into_event(n);
    let all: Vec<Event> = (1..=6_000).map(made).collect();
    let own = Own { session: &idriss(), key: &key_of(&idriss()), certificate: None };
    let outgoing = write(&own, &all, &[], &[], Stamp(0));
    assert!(outgoing.left_out > 0 && outgoing.own + outgoing.left_out == all.len());
    assert!(outgoing.text.len() <= MAX_BYTES, "{}", outgoing.text.len());
    assert_eq!(parse(&outgoing.text).unwrap().parcels[0].records.len(), outgoing.own);
}

#[test]
fn of_many_small_parts_no_more_go_in_than_are_read() {
    let own = Own { session: &idriss(), key: &key_of(&idriss()), certificate: None };
    let event = events(1).remove(0);
    let parcel = parse(&bundle_of(&idriss(), std::slice::from_ref(&event))).unwrap().parcels.remove(0);
    let lines = vec![parcel.records[0].1.clone()];
    let one = CarriedParcel { lines, ..CarriedParcel::of(&parcel, "", Stamp(0)) };
    let answers = vec![receipts(&idriss(), &[(&event, Outcome::Accepted)]); 700];
    let outgoing = write(&own, &[event], &vec![one.clone(); 700], &answers, Stamp(0));
    let read = parse(&outgoing.text).unwrap();
    assert_eq!((read.receipts.len(), read.parcels.len()), (200, 300));
    assert_eq!((outgoing.own, outgoing.carried, outgoing.left_out), (1, 299, 401));
    assert_eq!(parse(&write_parcels(&vec![one; 700], 1 << 20, 1_000)).unwrap().parcels.len(), 500);
}

#[test]
fn receipts_count_only_from_the_server_that_is_known() {
    let events = events(4);
    let answer = receipts(
        &idriss(),
        &[
            (&events[0], Outcome::Accepted),
            (&events[1], Outcome::Rejected(Refusal::new("not_allowed", "no".into()))),
            (&events[2], Outcome::Retry),
        ],
    );
    assert_eq!((answer.stored(), answer.refused()), (1, 1));
    let bearer = session_of("d9", Role::Manager);
    let own = Own { session: &bearer, key: &key_of(&bearer), certificate: None };
    let read = parse(&write(&own, &[], &[], std::slice::from_ref(&answer), Stamp(0)).text).unwrap();
    assert_eq!(read.receipts_of(&server().public()), std::slice::from_ref(&answer));
    assert_eq!(read.receipts_of(&key_of(&bearer).public()), []);
    let mut changed = answer.signed.clone();
    changed.text = changed.text.replace("retry", "accepted");
    assert_eq!(SignedReceipts::read(&changed, &server().public()), None);

    let queued: Vec<Entry> = events.iter().map(|event| Entry::of(event, false, 0)).collect();
    let settled = |device: &str, epoch: Option<&str>| {
        let epoch = epoch.map(|epoch| Epoch(epoch.into()));
        settlement(&answer.receipts, &device.into(), &queued, epoch.as_ref())
    };
    let done = settled("d2", Some("e1")).unwrap();
    let ids = |of: &[(Entry, Stamp)]| of.iter().map(|(entry, _)| entry.id).collect::<Vec<EventId>>();
    assert_eq!(ids(&done.stored), [events[0].id]);
    assert_eq!(done.refused[0].0.id, events[1].id);
    assert!(settled("d2", None).is_some(), "a phone that has never heard of any life");
    assert_eq!(settled("d2", Some("e2")), None, "another life of the server says nothing here");
    assert_eq!(settled("d9", Some("e1")), None, "for another device");
    let mut other = queued.clone();
    for entry in &mut other {
        entry.digest = crate::event::Digest::of_bytes(b"other");
    }
    assert_eq!(settlement(&answer.receipts, &"d2".into(), &other, None), None);
}

#[test]
fn whatever_is_done_to_a_bundle_nobody_says_what_they_did_not_write() {
    let (whole, genuine) = (bundle(), events(3));
    let mut random = Random(11);
    let mut read = 0;
    for _ in 0..4_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = u8::try_from(random.below(128)).unwrap(),
                1 => _ = bytes.remove(at),
                2 => bytes.insert(at, b"0\"{}[],\n"[random.below(8)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let Ok(bundle) = parse(&String::from_utf8(bytes).unwrap()) else { continue };
        read += 1;
        for (event, _) in bundle.parcels.iter().flat_map(|parcel| &parcel.records) {
            assert!(genuine.contains(event), "{event:?}");
        }
    }
    assert!(read > 0, "some changes change nothing that counts");
}

#[test]
fn names_of_files_have_no_letters_that_disks_refuse() {
    assert_eq!(file_name("Amina/../B", build::MORNING), "waymark-Amina----B-2026-07-14.waymark");
    assert_eq!(file_name("أمينة", build::MORNING), "waymark-أمينة-2026-07-14.waymark");
}
