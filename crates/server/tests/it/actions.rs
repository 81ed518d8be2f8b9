//! What somebody has to do reaches them, and is checked by somebody else.

use serde_json::{Value, json};
use waymark_core::event::{Event, EventId, Kind};
use waymark_core::rules::Role;

use crate::support::{Phone, Server};

fn owned_by(owner: &Phone, sensitive: bool) -> Value {
    let owner = json!({"name": owner.enrolled.name, "user": owner.enrolled.user});
    json!({"action": "welfare_contact", "what": "call them", "owner": owner,
        "due": "2026-07-20T08:00:00.000Z", "sensitive": sensitive})
}

fn done(phone: &Phone, n: u64, action: EventId) -> Event {
    phone.filled(n, &Kind::ActionDone, &json!({"record": action, "evidence": "called at noon"}))
}

fn verified(phone: &Phone, n: u64, action: EventId) -> Event {
    phone.filled(n, &Kind::ActionVerified, &json!({"record": action, "holds": "yes"}))
}

async fn kinds(phone: &Phone) -> Vec<Kind> {
    phone.feed().await.into_iter().map(|record| record.event.kind).collect()
}

/// `not_allowed`, or the outcome.
async fn sent(phone: &Phone, event: Event) -> String {
    let reply = phone.send(&[event]).await;
    let receipt = &reply.json()["receipts"][0];
    receipt["code"].as_str().or(receipt["outcome"].as_str()).unwrap().to_owned()
}

#[tokio::test]
async fn whoever_has_to_do_it_sees_it_and_what_is_said_about_it() {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    for (n, role) in (1..).zip(Role::ALL) {
        let owner = server.phone_in("acme", role, &["west"], "Owner").await;
        let bystander = server.phone_in("acme", role, &["west"], "Bystander").await;
        let open = amina.filled(n * 10, &Kind::ActionOpened, &owned_by(&owner, false));
        let hidden = amina.filled(n * 10 + 1, &Kind::ActionOpened, &owned_by(&owner, true));
        let not_yet = json!({"record": open.id, "holds": "not_yet", "note": "nobody answered"});
        let answer = amina.filled(n * 10 + 2, &Kind::ActionVerified, &not_yet);
        let about_hidden = verified(&amina, n * 10 + 3, hidden.id);
        // What is said about it may come first.
        assert_eq!(sent(&amina, answer.clone()).await, "accepted");
        let batch = [open.clone(), hidden, about_hidden];
        assert_eq!(amina.send(&batch).await.outcomes(), ["accepted"; 3]);
        let seen = owner.feed().await;
        let protected_ones = usize::from(matches!(role, Role::Security | Role::Central)) * 2;
        assert_eq!(seen.len(), 2 + protected_ones, "{role:?}");
        for event in [&open, &answer] {
            assert!(seen.iter().any(|record| record.event.id == event.id), "{role:?} {:?}", event.kind);
        }
        assert_eq!(kinds(&bystander).await, [], "{role:?}");
    }
}

#[tokio::test]
async fn what_somebody_has_done_is_verified_by_somebody_else() {
    let server = Server::start().await;
    let opener = server.phone(Role::Manager, "Opener").await;
    let owner = server.phone(Role::Manager, "Owner").await;
    let helper = server.phone(Role::Security, "Helper").await;
    let action = opener.filled(1, &Kind::ActionOpened, &owned_by(&owner, false));
    assert_eq!(sent(&opener, action.clone()).await, "accepted");
    assert_eq!(sent(&helper, done(&helper, 2, action.id)).await, "accepted");
    assert_eq!(sent(&owner, verified(&owner, 3, action.id)).await, "not_allowed", "has it to do");
    assert_eq!(sent(&helper, verified(&helper, 4, action.id)).await, "not_allowed", "did it");
    assert_eq!(sent(&opener, verified(&opener, 5, action.id)).await, "accepted");

    let own = opener.filled(6, &Kind::ActionOpened, &owned_by(&opener, false));
    let other = opener.filled(7, &Kind::ActionOpened, &owned_by(&owner, false));
    let batch = [
        own.clone(),
        verified(&opener, 8, own.id),
        other.clone(),
        verified(&opener, 9, other.id),
        done(&opener, 10, other.id),
        verified(&opener, 11, other.id),
    ];
    let outcomes = ["accepted", "rejected", "accepted", "accepted", "accepted", "rejected"];
    assert_eq!(opener.send(&batch).await.outcomes(), outcomes, "within one batch");
}
