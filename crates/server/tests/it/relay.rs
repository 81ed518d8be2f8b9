//! Records that the server passes on to other backends: each arrives, once, whatever breaks.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use waymark_core::backend::{NoResponse, Request};
use waymark_core::event::{Event, OrgId, PeopleState, Stamp};
use waymark_core::rules::Role;
use waymark_core::sync::{BackendKind, Destination, SignIn};
use waymark_core::testing::build;
use waymark_server::relay::{Ledger, Relay, backlog, keep_relaying, read_all, write_all};
use waymark_server::remote;

use crate::support::{Answer, Behaviour, Endpoint, Phone, Receiver, Scrape, Server};

fn relay(name: &str, address: &str) -> Relay {
    Relay {
        id: format!("id of {name}"),
        org: OrgId::from("acme"),
        destination: Destination {
            kind: BackendKind::Webhook,
            name: name.to_owned(),
            address: address.to_owned(),
            sign_in: SignIn { secret: "s3cret".into(), ..SignIn::default() },
            options: std::collections::BTreeMap::default(),
            must: false,
        },
        protected: false,
        added: Stamp(0),
        retry: 0,
    }
}

/// The task of a server that relays.
struct Relaying {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Relaying {
    fn start(server: &Server) -> Self {
        Self::led_by(server, "holder")
    }

    fn led_by(server: &Server, holder: &str) -> Self {
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(keep_relaying(server.state.clone(), holder.into(), stopping));
        Self { stop, task }
    }

    async fn end(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap();
    }
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came to this: {what}");
}

async fn ledger(server: &Server, relay: &Relay) -> Ledger {
    Ledger::read(&*server.storage, relay).await.unwrap()
}

async fn trouble(server: &Server, relay: &Relay) -> Option<String> {
    ledger(server, relay).await.trouble.map(|trouble| trouble.code)
}

async fn send(phone: &Phone, numbers: std::ops::RangeInclusive<u64>) -> Vec<String> {
    let events: Vec<Event> = numbers.map(|n| phone.checkin(n)).collect();
    let outcomes = phone.send(&events).await.outcomes();
    assert!(outcomes.iter().all(|outcome| outcome == "accepted"), "{outcomes:?}");
    events.iter().map(|event| event.id.to_string()).collect()
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[tokio::test]
async fn what_was_there_and_what_comes_arrives_once_although_the_backend_was_down() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let mut ids = send(&phone, 1..=30).await;
    let place = Receiver::start().await;
    place.behaves(Behaviour::Status(503));
    let to = relay("Copy", &place.url());
    write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
    let relaying = Relaying::start(&server);
    until("it waits", async || trouble(&server, &to).await.as_deref() == Some("busy")).await;
    let known = ledger(&server, &to).await;
    assert_eq!(backlog(&*server.storage, &to, &known).await.unwrap().records, 30);
    assert_eq!(known.delivered, 0);
    let waiting = "waymark_relay_records{org=\"acme\",relay=\"Copy\",state=\"waiting\"}";
    until("it is measured", async || Scrape::of(&server.state).await.has(waiting)).await;
    assert_eq!(Scrape::of(&server.state).await.get(waiting), 30);

    // What cannot wait goes first, although it came last.
    let urgent = phone.event(31, build::checkin_body(PeopleState::NotSafe, "shots"));
    phone.send(std::slice::from_ref(&urgent)).await;
    ids.push(urgent.id.to_string());
    tokio::time::sleep(Duration::from_millis(500)).await;
    place.behaves(Behaviour::Receipts);
    until("all arrive", async || place.held().len() == 31).await;
    assert_eq!(place.came()[0], urgent.id.to_string());
    ids.extend(send(&phone, 32..=40).await);
    until("new ones arrive", async || place.held().len() == 40).await;
    assert_eq!(sorted(place.came()), sorted(ids), "each once");
    assert!(place.was_signed());
    until("it is written down", async || {
        let known = ledger(&server, &to).await;
        (known.delivered, known.trouble, known.owed) == (40, None, vec![])
    })
    .await;
    assert_eq!(
        backlog(&*server.storage, &to, &ledger(&server, &to).await).await.unwrap(),
        waymark_server::relay::Backlog::default()
    );
    relaying.end().await;
    assert!(!Scrape::of(&server.state).await.has(waiting), "this server relays no more");

    let relaying = Relaying::start(&server);
    let later = send(&phone, 41..=41).await;
    until("it goes on", async || place.held().contains(&later[0])).await;
    assert_eq!(place.came().len(), 41, "nothing is sent for a second time");
    relaying.end().await;
}

#[tokio::test]
async fn a_refused_sign_in_keeps_everything_until_it_is_changed() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let ids = send(&phone, 1..=5).await;
    let place = Receiver::start().await;
    place.behaves(Behaviour::Status(401));
    let mut to = relay("Copy", &place.url());
    write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
    let relaying = Relaying::start(&server);
    until("it is turned away", async || trouble(&server, &to).await.as_deref() == Some("sign_in")).await;
    place.behaves(Behaviour::Receipts);
    send(&phone, 6..=6).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(place.held(), [""; 0], "nobody knocks again and again with what was refused");

    to.destination.sign_in.secret = "another".into();
    write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
    until("all arrive", async || place.held().len() == 6).await;
    assert!(ids.iter().all(|id| place.held().contains(id)));
    relaying.end().await;
}

#[tokio::test]
async fn one_bad_of_fifty_is_refused_with_the_backends_words_and_sent_again_when_asked() {
    for manner in [Behaviour::Receipts, Behaviour::WholeBatches] {
        let server = Server::start().await;
        let phone = server.phone(Role::Reporter, "Hawa").await;
        let ids = send(&phone, 1..=50).await;
        let place = Receiver::start().await;
        place.behaves(manner);
        place.refuses(&ids[36]);
        let mut to = relay("Copy", &place.url());
        write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
        let relaying = Relaying::start(&server);
        until("the others arrive", async || place.held().len() == 49).await;
        until("it is refused", async || ledger(&server, &to).await.refused.len() == 1).await;
        let known = ledger(&server, &to).await;
        assert_eq!(known.words[0].id.to_string(), ids[36], "{manner:?}");
        assert!(known.words[0].detail.contains("not this one"), "{:?}", known.words);
        until("the rest is told", async || ledger(&server, &to).await.delivered == 49).await;

        place.accepts_all();
        to.retry += 1;
        write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
        until("it arrives", async || place.held().len() == 50).await;
        until("it is no longer refused", async || {
            let known = ledger(&server, &to).await;
            known.refused.is_empty() && known.words.is_empty() && known.delivered == 50
        })
        .await;
        let good = place.came().into_iter().filter(|id| *id != ids[36]);
        assert_eq!(good.collect::<BTreeSet<_>>().len(), 49);
        relaying.end().await;
    }
}

#[tokio::test]
async fn a_backend_that_lost_everything_gets_everything_again() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let mut ids = send(&phone, 1..=20).await;
    let place = Receiver::start().await;
    let to = relay("Copy", &place.url());
    write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
    let relaying = Relaying::start(&server);
    until("all arrive", async || place.held().len() == 20).await;
    place.wipe();
    ids.extend(send(&phone, 21..=21).await);
    until("all arrive again", async || place.held().len() == 21).await;
    assert_eq!(sorted(place.came()), sorted(ids), "each once");
    until("it is written down", async || ledger(&server, &to).await.delivered == 21).await;
    assert_eq!(ledger(&server, &to).await.epoch.unwrap().0, "life 2");
    relaying.end().await;
}

#[tokio::test]
async fn a_backend_that_is_down_or_slow_holds_up_no_other() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let stranger = server.phone_in("other", Role::Reporter, &[], "Adoum").await;
    send(&stranger, 1..=3).await;
    let ids = send(&phone, 1..=10).await;
    let (down, slow, fine) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    down.behaves(Behaviour::Status(500));
    slow.behaves(Behaviour::Slow(Duration::from_mins(1)));
    let all = [&down, &slow, &fine].map(|place| relay(&place.address.to_string(), &place.url()));
    write_all(&*server.storage, &all).await.unwrap();
    let relaying = Relaying::start(&server);
    until("all arrive", async || fine.held().len() == 10).await;
    assert_eq!(fine.held(), sorted(ids), "and nothing of another organisation");
    until("it waits", async || trouble(&server, &all[0]).await.as_deref() == Some("server_error 500")).await;
    until("the third is done", async || ledger(&server, &all[2]).await.delivered == 10).await;
    assert_eq!(ledger(&server, &all[1]).await, Ledger::default(), "no receipt has come");

    write_all(&*server.storage, &all[..1]).await.unwrap();
    until("the removed ones are ended", async || {
        let labels = format!("{{org=\"acme\",relay=\"{}\",state=\"refused\"}}", fine.address);
        !Scrape::of(&server.state).await.has(&format!("waymark_relay_records{labels}"))
    })
    .await;
    send(&phone, 11..=11).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(fine.held().len(), 10);
    relaying.end().await;
}

#[tokio::test]
async fn what_may_name_a_source_is_passed_on_only_where_that_is_wished() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let mut protected = phone.checkin(2);
    protected.extensions.insert("protected".into(), true.into());
    send(&phone, 1..=1).await;
    phone.send(std::slice::from_ref(&protected)).await;
    let security = server.phone(Role::Security, "Amina").await;
    let about = security.confirmation(3, &protected);
    assert_eq!(security.send(std::slice::from_ref(&about)).await.outcomes(), ["accepted"]);
    let (open, whole) = (Receiver::start().await, Receiver::start().await);
    let (to_open, mut to_whole) = (relay("Open", &open.url()), relay("Whole", &whole.url()));
    to_whole.protected = true;
    write_all(&*server.storage, &[to_open.clone(), to_whole]).await.unwrap();
    let relaying = Relaying::start(&server);
    send(&phone, 4..=4).await;
    until("the whole arrives", async || whole.held().len() == 4).await;
    until("the rest arrives", async || open.held().len() == 2).await;
    assert!(!open.held().contains(&protected.id.to_string()));
    assert!(!open.held().contains(&about.id.to_string()));
    until("nothing waits", async || ledger(&server, &to_open).await.through == 4).await;
    assert_eq!(
        backlog(&*server.storage, &to_open, &ledger(&server, &to_open).await).await.unwrap().records,
        0
    );
    assert_eq!(read_all(&*server.storage).await.unwrap().len(), 2);
    relaying.end().await;
}

#[tokio::test]
async fn an_answer_without_an_end_is_not_read_to_it() {
    let place = Endpoint::start().await;
    place.answers(Answer::Endless(200));
    let to = relay("Copy", &place.url("/hook"));
    let connection = waymark_server::relay::test(&to).await;
    assert_eq!(connection.code(), "captive_portal");
    let request = Request {
        method: "GET",
        path: place.url("/"),
        headers: vec![],
        body: None,
        timeout_ms: 10_000,
        max_bytes: 20_000,
        no_cors: false,
    };
    assert_eq!(remote::reply(&request).await, Err(NoResponse::TooLarge));
    place.answers(Answer::Silence);
    let quick = Request { timeout_ms: 200, ..request };
    assert_eq!(remote::reply(&quick).await, Err(NoResponse::TimedOut));
}

#[tokio::test]
async fn of_two_servers_one_relays_and_the_other_follows_it() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa").await;
    let place = Receiver::start().await;
    let to = relay("Copy", &place.url());
    write_all(&*server.storage, std::slice::from_ref(&to)).await.unwrap();
    let (first, second) = (Relaying::led_by(&server, "first"), Relaying::led_by(&server, "second"));
    let mut ids = vec![];
    for n in 0..5 {
        ids.extend(send(&phone, n * 10 + 1..=n * 10 + 10).await);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    until("all arrive", async || place.held().len() == 50).await;
    assert_eq!(place.came().len(), 50, "each once");
    first.end().await;
    ids.extend(send(&phone, 51..=60).await);
    until("the other goes on", async || place.held().len() == 60).await;
    assert_eq!(sorted(place.came()), sorted(ids), "each once");
    second.end().await;
}
