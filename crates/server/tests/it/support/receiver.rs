use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use waymark_server::clock;
use waymark_server::serve::serve;

/// A backend that a relay sends to: a webhook that answers with receipts.
#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    life: u32,
    held: BTreeMap<String, Value>,
    /// The ids in the order in which they came, as often as they came.
    came: Vec<String>,
    manner: Behaviour,
    /// The id of a record that it refuses.
    bad: Option<String>,
    signed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Behaviour {
    Receipts,
    /// A batch with a bad record in it is refused as a whole.
    WholeBatches,
    Status(u16),
    /// It stores a batch at once, and answers after a while.
    Slow(Duration),
}

impl Receiver {
    pub async fn start() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap()).await
    }

    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (held, came, bad) = (BTreeMap::new(), vec![], None);
        let inner = Inner { life: 1, held, came, manner: Behaviour::Receipts, bad, signed: true };
        let inner = Arc::new(Mutex::new(inner));
        let router = Router::new().fallback(take).with_state(inner.clone());
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            serve(listener, router, stopping).await;
            drop(stop);
        });
        Self { address, inner }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook/t0ken", self.address)
    }

    pub fn behaves(&self, manner: Behaviour) {
        self.inner.lock().unwrap().manner = manner;
    }

    pub fn refuses(&self, id: &str) {
        self.inner.lock().unwrap().bad = Some(id.to_owned());
    }

    pub fn accepts_all(&self) {
        self.inner.lock().unwrap().bad = None;
    }

    /// It loses everything, and says so.
    pub fn wipe(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.life += 1;
        inner.held.clear();
        inner.came.clear();
    }

    pub fn held(&self) -> Vec<String> {
        self.inner.lock().unwrap().held.keys().cloned().collect()
    }

    pub fn came(&self) -> Vec<String> {
        self.inner.lock().unwrap().came.clone()
    }

    /// Whether every request was signed.
    pub fn was_signed(&self) -> bool {
        self.inner.lock().unwrap().signed
    }
}

async fn take(State(inner): State<Arc<Mutex<Inner>>>, headers: HeaderMap, request: Request) -> Response {
    let body = axum::body::to_bytes(request.into_body(), 4 << 20).await.unwrap();
    let records: Vec<Value> = serde_json::from_slice(&body).unwrap();
    let (manner, answer) = {
        let mut inner = inner.lock().unwrap();
        inner.signed &= headers.contains_key("webhook-signature");
        (inner.manner, inner.answer(&records))
    };
    if let Behaviour::Slow(time) = manner {
        tokio::time::sleep(time).await;
    }
    answer
}

impl Inner {
    fn answer(&mut self, records: &[Value]) -> Response {
        if let Behaviour::Status(status) = self.manner {
            return StatusCode::from_u16(status).unwrap().into_response();
        }
        let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
        let is_bad = |record: &Value| self.bad == Some(id(record));
        if self.manner == Behaviour::WholeBatches && records.iter().any(is_bad) {
            let words = json!({"code": "no_thanks", "detail": "not this one"});
            return (StatusCode::UNPROCESSABLE_ENTITY, Json(words)).into_response();
        }
        let mut receipts = vec![];
        for record in records {
            let bad = self.bad == Some(id(record));
            let outcome = match self.held.get(&id(record)) {
                _ if bad => "rejected",
                Some(_) => "duplicate",
                None => "accepted",
            };
            self.came.push(id(record));
            if !bad {
                self.held.insert(id(record), record.clone());
            }
            receipts.push(json!({
                "source": record["source"], "id": record["id"], "digest": record["digest"],
                "outcome": outcome, "code": "no_thanks", "detail": "not this one",
            }));
        }
        let epoch = format!("life {}", self.life);
        Json(json!({"epoch": epoch, "received": clock::now(), "receipts": receipts})).into_response()
    }
}
