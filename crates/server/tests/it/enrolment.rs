//! Codes, credentials, and coming back as the same device.

use std::time::Duration;

use serde_json::json;
use waymark_core::event::DeviceId;
use waymark_core::rules::Role;
use waymark_server::clock;
use waymark_server::limits::Rate;
use waymark_server::secret;
use waymark_server::state::Limits;

use crate::support::{Phone, Server, roomy};

#[tokio::test]
async fn a_code_works_once_however_it_is_typed() {
    let server = Server::start().await;
    let code = server.code_for("acme", Role::Manager, &["east", "north"], clock::now().plus_ms(60_000)).await;
    let typed = format!(" {} ", code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l"));
    let phone = Phone::enrol(server.address, &typed, "  Amina Ousmane ").await;
    let enrolled = &phone.enrolled;
    assert_eq!((enrolled.org.0.as_str(), enrolled.org_name.as_str()), ("acme", "Acme"));
    assert_eq!((enrolled.role, enrolled.name.as_str()), (Role::Manager, "Amina Ousmane"));
    assert_eq!(enrolled.areas, ["east", "north"]);
    assert_eq!(enrolled.epoch, server.storage.epoch().await.unwrap());
    assert!(enrolled.now.ms_since(clock::now()).abs() < 60_000);
    assert_eq!(phone.feed_reply("").await.status, 200);
    let again = Phone::try_enrol(server.address, json!({"code": code, "name": "B"}), None).await;
    again.problem(403, "enrolment_refused");
}

#[tokio::test]
async fn wrong_used_and_expired_codes_get_the_same_bytes() {
    let server = Server::start().await;
    let used = server.code(Role::Traveller).await;
    Phone::enrol(server.address, &used, "A").await;
    let expired = server.code_for("acme", Role::Traveller, &[], clock::now().plus_ms(-1)).await;
    let mut answers = Vec::new();
    for code in [used.as_str(), &expired, "0000-0000-0000", "", "nonsense", "' OR 1=1 --"] {
        let reply = Phone::try_enrol(server.address, json!({"code": code, "name": "B"}), None).await;
        reply.problem(403, "enrolment_refused");
        let mut headers = reply.headers.clone();
        headers.remove("date");
        answers.push((reply.text, headers));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn failed_tries_are_limited_and_then_even_the_right_code_waits() {
    let enrol_address = Rate { burst: 10, every: Duration::from_secs(10) };
    let server = Server::builder().limits(Limits { enrol_address, ..roomy() }).start().await;
    for _ in 0..15 {
        server.phone(Role::Traveller, "successes do not count").await;
    }
    let wrong = json!({"code": "0000-0000-0000", "name": "B"});
    for _ in 0..10 {
        Phone::try_enrol(server.address, wrong.clone(), None).await.problem(403, "enrolment_refused");
    }
    let limited = Phone::try_enrol(server.address, wrong, None).await;
    limited.problem(429, "too_many_requests");
    let right = json!({"code": server.code(Role::Central).await, "name": "B"});
    let right = Phone::try_enrol(server.address, right, None).await;
    right.problem(429, "too_many_requests");
    let seconds: u64 = right.header("retry-after").parse().unwrap();
    assert!((1..=11).contains(&seconds));
}

#[tokio::test]
async fn many_tries_at_once_do_not_slip_past_the_limit() {
    let enrol_all = Rate { burst: 10, every: Duration::from_mins(1) };
    let server = Server::builder().limits(Limits { enrol_all, ..roomy() }).start().await;
    let tries = (0..40)
        .map(|_| Phone::try_enrol(server.address, json!({"code": "0000-0000-0000", "name": "B"}), None));
    let answers = futures_util::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 403).count(), 10);
    assert!(answers.iter().all(|reply| matches!(reply.status, 403 | 429)));
}

#[tokio::test]
async fn names_have_one_line_and_a_length() {
    let server = Server::start().await;
    let code = server.code(Role::Traveller).await;
    for name in ["", "   ", "a\nb", "a\u{7}", &"x".repeat(81)] {
        let reply = Phone::try_enrol(server.address, json!({"code": code, "name": name}), None).await;
        reply.problem(422, "wrong_name");
    }
    Phone::enrol(server.address, &code, &"ع".repeat(80)).await;
}

#[tokio::test]
async fn what_is_no_enrolment_is_refused() {
    let server = Server::start().await;
    for body in [json!([]), json!({"code": 7, "name": "A"}), json!({"name": "A"}), json!("text")] {
        Phone::try_enrol(server.address, body, None).await.problem(400, "not_an_enrolment");
    }
    let large = json!({"code": "x".repeat(100_000), "name": "A"});
    Phone::try_enrol(server.address, large, None).await.problem(413, "body_too_large");
}

#[tokio::test]
async fn a_revoked_device_is_shut_out_and_comes_back_as_itself() {
    let server = Server::start().await;
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let queued = phone.checkin(1);
    assert!(server.storage.revoke(&phone.enrolled.device, clock::now()).await.unwrap());
    phone.send(std::slice::from_ref(&queued)).await.problem(401, "not_signed_in");

    let back = phone.enrol_again(server.address, &server.code(Role::Manager).await).await;
    assert_eq!(back.enrolled.device, phone.enrolled.device);
    assert_eq!(back.enrolled.user, phone.enrolled.user);
    assert_eq!(back.enrolled.role, Role::Manager, "the new code's role");
    assert_ne!(back.enrolled.token, phone.enrolled.token);
    assert_eq!(back.send(&[queued]).await.outcomes(), ["accepted"], "what it held can still be sent");
    phone.feed_reply("").await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn nobody_takes_over_a_device_without_its_credential() {
    let server = Server::start().await;
    let phone = server.phone(Role::Central, "Amina").await;
    let elsewhere = server.phone_in("other", Role::Central, &[], "Stranger").await;
    let stolen = json!({
        "code": server.code(Role::Traveller).await, "name": "Thief",
        "device": phone.enrolled.device, "user": phone.enrolled.user,
    });
    let reply = Phone::try_enrol(server.address, stolen, Some(&elsewhere.enrolled.token)).await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.json()["device"], json!(phone.enrolled.device));
    assert_ne!(reply.json()["user"], json!(phone.enrolled.user));
    assert_eq!(phone.feed_reply("").await.status, 200, "the credential still works");
}

#[tokio::test]
async fn by_its_own_key_a_phone_stays_the_same_device_whatever_credential_it_holds() {
    let server = Server::start().await;
    let key = "k".repeat(43);
    let wish = |code: String, key: &str| json!({"code": code, "name": "Idriss", "key": key});
    let first =
        Phone::try_enrol(server.address, wish(server.code(Role::Traveller).await, &key), None).await.json();
    // The reply to this one never arrived: the phone still holds the first credential, or none.
    Phone::try_enrol(server.address, wish(server.code(Role::Traveller).await, &key), None).await;
    let token = first["token"].as_str().unwrap();
    let wished = wish(server.code(Role::Traveller).await, &key);
    let again = Phone::try_enrol(server.address, wished, Some(token)).await.json();
    assert_eq!((&again["device"], &again["user"]), (&first["device"], &first["user"]));
    let other = wish(server.code(Role::Traveller).await, &"o".repeat(43));
    let other = Phone::try_enrol(server.address, other, None).await.json();
    assert_ne!(other["device"], first["device"]);
}

#[tokio::test]
async fn a_device_that_a_restored_backup_does_not_know_keeps_its_ids() {
    let server = Server::start().await;
    let (device, user) = (secret::device_id().unwrap(), secret::user_id().unwrap());
    let body =
        json!({"code": server.code(Role::Traveller).await, "name": "Idriss", "device": device, "user": user});
    let reply = Phone::try_enrol(server.address, body, Some("a credential from before")).await;
    assert_eq!((&reply.json()["device"], &reply.json()["user"]), (&json!(device), &json!(user)));

    let known = server.phone(Role::Manager, "Amina").await;
    let other_device = secret::device_id().unwrap();
    let body = json!({"code": server.code(Role::Traveller).await, "name": "X", "device": other_device,
        "user": known.enrolled.user});
    let reply = Phone::try_enrol(server.address, body, None).await;
    assert_eq!(reply.json()["device"], json!(other_device));
    assert_ne!(reply.json()["user"], json!(known.enrolled.user), "another person's id is not given away");
}

#[tokio::test]
async fn ids_this_server_would_not_make_are_not_taken_on() {
    let server = Server::start().await;
    for device in ["d1", "../../x", "d0000000000000000000U", ""] {
        let body =
            json!({"code": server.code(Role::Traveller).await, "name": "A", "device": device, "user": "u1"});
        let reply = Phone::try_enrol(server.address, body, None).await;
        assert_ne!(reply.json()["device"], device);
        assert!(secret::is_device_id(reply.json()["device"].as_str().unwrap()));
    }
    assert!(!server.storage.revoke(&DeviceId::from("d1"), clock::now()).await.unwrap());
}
