//! Our server, with one rule broken by what stands before it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hyper::header::CONTENT_LENGTH;
use hyper::{HeaderMap, StatusCode};
use serde_json::Value;

/// What was asked.
pub struct Asked {
    pub method: String,
    /// Below the base.
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What is answered.
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    /// Of a stream: nothing, unless it is to be replaced.
    pub body: Vec<u8>,
}

/// What a wrong backend keeps beside what the right one keeps.
#[derive(Default)]
pub struct Memory {
    pub roles: BTreeMap<String, String>,
    pub enrolled: Option<Vec<u8>>,
    pub sent: Vec<Sent>,
}

/// A record that was sent, in which role, and what became of it.
pub struct Sent {
    pub role: String,
    pub outcome: String,
    pub record: Value,
}

type Change = dyn Fn(&Asked, &mut Answered, &Memory) + Send + Sync;

/// How a backend is wrong.
#[derive(Clone)]
pub struct Wrong {
    before: Arc<dyn Fn(&mut Asked) + Send + Sync>,
    after: Arc<Change>,
}

impl Wrong {
    /// It understands something else than what was asked.
    pub fn hearing(before: impl Fn(&mut Asked) + Send + Sync + 'static) -> Self {
        Self { before: Arc::new(before), after: Arc::new(|_, _, _| {}) }
    }

    /// It says something else than it should.
    pub fn saying(after: impl Fn(&Asked, &mut Answered, &Memory) + Send + Sync + 'static) -> Self {
        Self { before: Arc::new(|_| {}), after: Arc::new(after) }
    }

    /// It says something else on one path, and below it.
    pub fn at(path: &'static str, change: impl Fn(&Asked, &mut Answered) + Send + Sync + 'static) -> Self {
        Self::saying(move |asked, answered, _| {
            if asked.path.starts_with(path) {
                change(asked, answered);
            }
        })
    }

    /// It says something else to one role, on one path and below it.
    pub fn to(
        role: &'static str,
        path: &'static str,
        change: impl Fn(&Asked, &mut Answered) + Send + Sync + 'static,
    ) -> Self {
        Self::saying(move |asked, answered, memory| {
            if asked.path.starts_with(path) && memory.role(asked) == role {
                change(asked, answered);
            }
        })
    }

    /// It changes a JSON answer of one path.
    pub fn json(path: &'static str, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::at(path, move |_, answered| answered.change(&change))
    }

    /// It changes the receipts of a batch.
    pub fn receipts(change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) -> Self {
        Self::json("/records", move |body| {
            if let Some(receipts) = list(body, "receipts") {
                change(receipts);
            }
        })
    }

    /// It changes each receipt.
    pub fn receipt(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::receipts(move |receipts| receipts.iter_mut().for_each(&change))
    }

    /// It changes the records of a feed.
    pub fn records(change: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) -> Self {
        Self::json("/feed", move |body| {
            if let Some(records) = list(body, "records") {
                change(records);
            }
        })
    }

    /// It changes each record of a feed.
    pub fn record(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::records(move |records| records.iter_mut().for_each(&change))
    }

    /// It says something else on its stream.
    pub fn stream(events: &'static str) -> Self {
        Self::at("/stream", move |_, answered| {
            if answered.status == 200 {
                answered.body = events.into();
            }
        })
    }

    /// It keeps from a role what it should see.
    pub fn hiding(role: &'static str, hidden: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self::to(role, "/feed", move |_, answered| {
            answered.change(|body| {
                if let Some(records) = list(body, "records") {
                    records.retain(|record| !hidden(record));
                }
            });
        })
    }

    /// It shows a role what was sent to it, whatever became of that.
    pub fn showing(role: &'static str, shown: impl Fn(&Sent) -> bool + Send + Sync + 'static) -> Self {
        Self::saying(move |asked, answered, memory| {
            if asked.path == "/feed" && memory.role(asked) == role {
                let all = memory.sent.iter().filter(|sent| shown(sent));
                answered.add(all.map(|sent| sent.record.clone()).collect());
            }
        })
    }

    /// It says that it took what is to be rejected with this code.
    pub fn taking(code: &'static str) -> Self {
        Self::at("/records", move |_, answered| {
            let mut taken = false;
            answered.change(|body| {
                for receipt in list(body, "receipts").into_iter().flatten() {
                    if receipt["code"] == code {
                        receipt["outcome"] = "accepted".into();
                        taken = true;
                    }
                }
            });
            if taken {
                answered.status = 200;
                answered.typed("application/json");
            }
        })
    }

    /// It answers this in place of an error.
    pub fn instead(
        path: &'static str,
        of: u16,
        status: u16,
        media_type: &'static str,
        body: &'static str,
    ) -> Self {
        Self::at(path, move |_, answered| {
            if answered.status == of {
                answered.status = status;
                answered.typed(media_type);
                answered.body = body.into();
            }
        })
    }

    /// Stands before a server.
    pub fn around(self, router: Router) -> Router {
        let memory = Arc::<Mutex<Memory>>::default();
        router.layer(from_fn(move |request: Request, next: Next| {
            let (wrong, memory) = (self.clone(), memory.clone());
            async move { wrong.answer(request, next, &memory).await }
        }))
    }

    async fn answer(self, request: Request, next: Next, memory: &Mutex<Memory>) -> Response {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().strip_prefix("/api/v1").unwrap_or_default().to_owned();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let body = to_bytes(body, 16 << 20).await.unwrap().to_vec();
        let headers = parts.headers.clone();
        let mut asked = Asked { method: parts.method.to_string(), path, query, headers, body };
        (self.before)(&mut asked);
        parts.uri = format!("/api/v1{}?{}", asked.path, asked.query).parse().unwrap();
        parts.headers = asked.headers.clone();
        let response = next.run(Request::from_parts(parts, Body::from(asked.body.clone()))).await;
        let (mut head, body) = response.into_parts();
        let stream = asked.path == "/stream" && head.status == 200;
        let (body, rest) = if stream { (vec![], Some(body)) } else { (read(body).await, None) };
        let mut answered = Answered { status: head.status.as_u16(), headers: head.headers, body };
        {
            let mut memory = memory.lock().unwrap();
            memory.keep(&asked, &answered);
            (self.after)(&asked, &mut answered, &memory);
        }
        answered.headers.remove(CONTENT_LENGTH);
        (head.status, head.headers) = (StatusCode::from_u16(answered.status).unwrap(), answered.headers);
        let body = match rest {
            Some(rest) if answered.body.is_empty() => rest,
            _ => Body::from(answered.body),
        };
        Response::from_parts(head, body)
    }
}

/// A list of an answer, if it has one.
fn list<'a>(body: &'a mut Value, name: &str) -> Option<&'a mut Vec<Value>> {
    body.get_mut(name)?.as_array_mut()
}

async fn read(body: Body) -> Vec<u8> {
    to_bytes(body, 16 << 20).await.unwrap().to_vec()
}

impl Answered {
    /// Changes a JSON body; leaves others alone.
    pub fn change(&mut self, change: impl FnOnce(&mut Value)) {
        if let Ok(mut body) = serde_json::from_slice(&self.body) {
            change(&mut body);
            self.body = body.to_string().into_bytes();
        }
    }

    /// Adds records to a page of a feed.
    pub fn add(&mut self, records: Vec<Value>) {
        self.change(|body| {
            if let Some(all) = list(body, "records") {
                all.extend(records);
            }
        });
    }

    pub fn typed(&mut self, media_type: &'static str) {
        self.headers.insert("content-type", media_type.parse().unwrap());
    }
}

impl Memory {
    /// The role of who asks; `other` in the other organisation.
    pub fn role(&self, asked: &Asked) -> &str {
        let token = asked.headers.get("authorization").and_then(|value| value.to_str().ok());
        let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        self.roles.get(token).map_or("", String::as_str)
    }

    fn keep(&mut self, asked: &Asked, answered: &Answered) {
        let body: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
        if asked.path == "/enrol" && answered.status == 200 {
            let role = if body["org"] == "acme" { &body["role"] } else { &Value::from("other") };
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            self.roles.insert(text(&body["token"]), text(role));
            self.enrolled.get_or_insert_with(|| answered.body.clone());
        }
        if asked.path == "/records" {
            let sent: Vec<Value> = serde_json::from_slice(&asked.body).unwrap_or_default();
            let receipts = body["receipts"].as_array().cloned().unwrap_or_default();
            for (record, receipt) in sent.into_iter().zip(receipts) {
                let outcome = receipt["outcome"].as_str().unwrap_or_default().to_owned();
                self.sent.push(Sent { role: self.role(asked).to_owned(), outcome, record });
            }
        }
    }
}
