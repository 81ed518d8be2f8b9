use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use futures_util::stream;
use hyper::HeaderMap;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Somebody who takes requests: a push service, a webhook.
pub struct Endpoint {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<Mutex<Answer>>,
}

/// A request, read to its end.
#[derive(Debug, Clone)]
pub struct Heard {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub enum Answer {
    Status(u16),
    Redirect(String),
    /// A body without end.
    Endless(u16),
    Silence,
}

impl Endpoint {
    pub async fn start() -> Self {
        Self::listen(None).await
    }

    pub async fn start_tls(acceptor: TlsAcceptor) -> Self {
        Self::listen(Some(acceptor)).await
    }

    async fn listen(acceptor: Option<TlsAcceptor>) -> Self {
        let (heard, answer) =
            (Arc::<Mutex<Vec<Heard>>>::default(), Arc::new(Mutex::new(Answer::Status(201))));
        let (to_heard, to_answer) = (heard.clone(), answer.clone());
        let router = Router::new().fallback(any(move |request: Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap().to_vec();
            let (method, path) = (parts.method.to_string(), parts.uri.to_string());
            to_heard.lock().unwrap().push(Heard { method, path, headers: parts.headers, body });
            let answer = to_answer.lock().unwrap().clone();
            reply(answer).await
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (router, acceptor) = (router.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => converse(stream, router).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                converse(stream, router).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, heard, answer }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// What was heard since this was last asked.
    pub fn heard(&self) -> Vec<Heard> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
    let service = TowerToHyperService::new(router);
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn reply(answer: Answer) -> Response {
    let response = Response::builder();
    match answer {
        Answer::Status(status) => response.status(status).body(Body::from("secret words")).unwrap(),
        Answer::Redirect(to) => response.status(307).header("location", to).body(Body::empty()).unwrap(),
        Answer::Endless(status) => {
            let chunks = stream::repeat_with(|| Ok::<_, Infallible>("x".repeat(4_096)));
            response.status(status).body(Body::from_stream(chunks)).unwrap()
        }
        Answer::Silence => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Response::default()
        }
    }
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
