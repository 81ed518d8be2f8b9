use std::net::SocketAddr;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use waymark_core::backend::reference::{BATCH_TYPE, Enrolled};
use waymark_core::event::{Body, Digest, Event, EventId, Kind, PeopleState, Record, Source};
use waymark_core::testing::build;
use waymark_server::clock;
use waymark_server::secret::Token;
use waymark_server::storage::Caller;

use super::{Reply, Server};

/// An enrolled device.
#[derive(Clone)]
pub struct Phone {
    pub client: Client,
    pub address: SocketAddr,
    pub enrolled: Enrolled,
}

impl Phone {
    pub async fn try_enrol(address: SocketAddr, body: Value, former: Option<&str>) -> Reply {
        let mut request = Client::new().post(format!("http://{address}/api/v1/enrol")).json(&body);
        if let Some(token) = former {
            request = request.bearer_auth(token);
        }
        Reply::read("post", request.send().await.unwrap()).await
    }

    pub async fn enrol(address: SocketAddr, code: &str, name: &str) -> Self {
        let reply = Self::try_enrol(address, json!({"code": code, "name": name}), None).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let enrolled = serde_json::from_value(reply.json()).unwrap();
        Self { client: Client::new(), address, enrolled }
    }

    /// Enrols again, saying who it was.
    pub async fn enrol_again(&self, address: SocketAddr, code: &str) -> Self {
        let (device, user) = (&self.enrolled.device, &self.enrolled.user);
        let body = json!({"code": code, "name": self.enrolled.name, "device": device, "user": user});
        let reply = Self::try_enrol(address, body, Some(&self.enrolled.token)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        Self { client: Client::new(), address, enrolled: serde_json::from_value(reply.json()).unwrap() }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("http://{}/api/v1{path}", self.address)).bearer_auth(&self.enrolled.token)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("http://{}/api/v1{path}", self.address)).bearer_auth(&self.enrolled.token)
    }

    /// Says where it takes push messages.
    pub async fn subscribe(&self, address: &Value) -> Reply {
        let request = self.client.put(format!("http://{}/api/v1/push", self.address)).json(address);
        Reply::read("put", request.bearer_auth(&self.enrolled.token).send().await.unwrap()).await
    }

    pub async fn unsubscribe(&self) -> Reply {
        let request = self.client.delete(format!("http://{}/api/v1/push", self.address));
        Reply::read("delete", request.bearer_auth(&self.enrolled.token).send().await.unwrap()).await
    }

    /// Sends text as a batch.
    pub async fn send_text(&self, body: impl Into<String>) -> Reply {
        let request = self.post("/records").header("content-type", BATCH_TYPE).body(body.into());
        Reply::read("post", request.send().await.unwrap()).await
    }

    pub async fn send_json(&self, records: &[Value]) -> Reply {
        self.send_text(Value::from(records).to_string()).await
    }

    pub async fn send(&self, events: &[Event]) -> Reply {
        let records: Vec<_> = events.iter().map(Event::to_json).collect();
        self.send_json(&records).await
    }

    pub async fn feed_reply(&self, query: &str) -> Reply {
        Reply::read("get", self.get(&format!("/feed?{query}")).send().await.unwrap()).await
    }

    /// The whole feed, page by page.
    pub async fn feed(&self) -> Vec<Record> {
        let (mut after, mut records) = (0, Vec::new());
        loop {
            let page = self.feed_reply(&format!("after={after}&limit=100")).await.json();
            for record in page["records"].as_array().unwrap() {
                let read = Record::from_json(record.clone()).unwrap();
                assert_eq!(&read.to_json(), record);
                records.push(read);
            }
            after = page["next"].as_u64().unwrap();
            if page["more"] == false {
                return records;
            }
        }
    }

    /// This device as the server knows it.
    pub async fn caller(&self, server: &Server) -> Caller {
        let token = Token::hash_of(&self.enrolled.token);
        server.storage.caller(&token, clock::now()).await.unwrap().unwrap()
    }

    pub fn source(&self) -> Source {
        Source { org: self.enrolled.org.clone(), device: self.enrolled.device.clone() }
    }

    /// An event of this device; `n` tells its events apart.
    pub fn event(&self, n: u64, body: Body) -> Event {
        let mut unsaved = build::unsaved(&self.enrolled.device.0, n, body);
        // Devices' ids are random, and so are the ids of their events.
        let name = format!("{} {n}", self.enrolled.device);
        let digits = Digest::of_bytes(name.as_bytes()).to_string();
        let random = std::array::from_fn(|at| digits.as_bytes()[at]);
        unsaved.id = EventId::new(u64::try_from(unsaved.time.0).unwrap(), random);
        unsaved.source = self.source();
        unsaved.author = self.enrolled.user.clone();
        unsaved.into_event(n)
    }

    /// A record that is a form, with this data.
    pub fn filled(&self, n: u64, kind: &Kind, data: &Value) -> Event {
        self.event(n, Body::read(kind, data).unwrap())
    }

    pub fn checkin(&self, n: u64) -> Event {
        self.event(n, build::checkin_body(PeopleState::Safe, &format!("check-in {n}")))
    }

    pub fn confirmation(&self, n: u64, of: &Event) -> Event {
        self.event(n, build::confirmation_of(of))
    }
}
