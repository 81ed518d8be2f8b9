//! Sending one small request and learning how it was answered. The address that was checked is the one that is
//! connected to; redirects are not followed, and the body of the answer is read only where it is asked for.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::reach::Reach;

/// One address of several may be silent.
const CONNECT: Duration = Duration::from_secs(4);
/// The most of an answer's head that is kept.
const HEAD: usize = 16 << 10;

/// A request.
pub struct Call<'a> {
    pub method: Method,
    pub url: &'a Url,
    pub headers: Vec<(HeaderName, String)>,
    pub body: Option<Vec<u8>>,
}

/// Why a request was not taken; fit for the operator's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The address has no machine, or none that may be sent to.
    NotFound,
    OutOfReach,
    CannotConnect,
    NoTls,
    TimedOut,
    BrokenOff,
    /// Its answer has more bytes than were asked for.
    TooLarge,
    /// Any status but 2xx.
    Answered(StatusCode),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("its address is not found"),
            Self::OutOfReach => f.write_str("its address is not one that may be sent to"),
            Self::CannotConnect => f.write_str("it cannot be connected to"),
            Self::NoTls => f.write_str("it has no certificate that is trusted here, or does not speak TLS"),
            Self::TimedOut => f.write_str("it did not answer in time"),
            Self::BrokenOff => f.write_str("it broke the connection off without an answer"),
            Self::TooLarge => f.write_str("its answer is too large"),
            Self::Answered(status) if status.is_redirection() => {
                write!(f, "it answered {}, and redirects are not followed", status.as_u16())
            }
            Self::Answered(status) => write!(f, "it answered {}", status.as_u16()),
        }
    }
}

/// Hears each piece of an answer as it comes, at first an empty one; says whether to go on.
pub type Listener<'a> = &'a mut (dyn FnMut(&Answer) -> bool + Send);

/// What is read of an answer's body.
enum Reading<'a> {
    Nothing,
    /// All of it, at most so many bytes.
    Whole(usize),
    Pieces(Listener<'a>),
}

/// An answer of any status.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Empty if it was not asked for.
    pub body: Bytes,
}

impl Call<'_> {
    /// Sends it and waits for the answer, all within `limit`.
    pub async fn send(self, reach: Reach, limit: Duration) -> Result<(), Failure> {
        let exchange = self.exchange(reach, Reading::Nothing);
        let status = timeout(limit, exchange).await.map_err(|_| Failure::TimedOut)??.status;
        if status.is_success() { Ok(()) } else { Err(Failure::Answered(status)) }
    }

    /// Sends it and reads the answer, whatever its status, to its end: at most `most` bytes, all within `limit`.
    pub async fn fetch(self, reach: Reach, limit: Duration, most: usize) -> Result<Answer, Failure> {
        let exchange = self.exchange(reach, Reading::Whole(most));
        timeout(limit, exchange).await.map_err(|_| Failure::TimedOut)?
    }

    /// Sends it and hears the answer piece by piece, until its end or until the listener has enough, all within `limit`.
    pub async fn follow(self, reach: Reach, limit: Duration, listener: Listener<'_>) -> Result<(), Failure> {
        let exchange = self.exchange(reach, Reading::Pieces(listener));
        timeout(limit, exchange).await.map_err(|_| Failure::TimedOut)?.map(drop)
    }

    async fn exchange(self, reach: Reach, reading: Reading<'_>) -> Result<Answer, Failure> {
        let tls = self.url.scheme() == "https";
        let stream = connect(self.url, reach, tls).await?;
        if !tls {
            return self.over(stream, reading).await;
        }
        let name = self.url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
        let name = name.and_then(|name| ServerName::try_from(name).ok()).ok_or(Failure::NoTls)?;
        let connector = TlsConnector::from(tls_config().ok_or(Failure::NoTls)?);
        self.over(connector.connect(name, stream).await.map_err(|_| Failure::NoTls)?, reading).await
    }

    async fn over<S>(self, stream: S, reading: Reading<'_>) -> Result<Answer, Failure>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let request = self.request()?;
        let builder = http1::Builder::new().max_buf_size(HEAD).handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = builder.map_err(|_| Failure::BrokenOff)?;
        // The end of the connection is no answer; the one that came before it may still be under way.
        let connection = async {
            let _ = connection.await;
            std::future::pending::<Infallible>().await
        };
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(|_| Failure::BrokenOff)?;
            let (head, body) = answer.into_parts();
            let mut answer = Answer { status: head.status, headers: head.headers, body: Bytes::new() };
            match reading {
                Reading::Nothing => {}
                Reading::Whole(most) => {
                    let whole = Limited::new(body, most).collect().await;
                    answer.body = whole.map_err(|error| unread(&*error))?.to_bytes();
                }
                Reading::Pieces(listener) => {
                    let mut body = body;
                    while listener(&answer) {
                        let Some(frame) = body.frame().await else { break };
                        let frame = frame.map_err(|_| Failure::BrokenOff)?;
                        answer.body = frame.into_data().unwrap_or_default();
                    }
                }
            }
            Ok(answer)
        };
        tokio::select! {
            answer = exchange => answer,
            never = connection => match never {},
        }
    }

    fn request(self) -> Result<Request<Full<Bytes>>, Failure> {
        let url = self.url;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = format!("{}{port}", url.host_str().unwrap_or_default());
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", url.path());
        let mut request = Request::builder().method(self.method).uri(path);
        if let Some(body) = &self.body {
            request = request.header(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        request = request.header(HOST, host);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        // A header that is none: nothing was sent.
        request.body(Full::from(self.body.unwrap_or_default())).map_err(|_| Failure::BrokenOff)
    }
}

/// Why a body was not read to its end.
fn unread(error: &(dyn Error + 'static)) -> Failure {
    if error.is::<LengthLimitError>() { Failure::TooLarge } else { Failure::BrokenOff }
}

async fn connect(url: &Url, reach: Reach, tls: bool) -> Result<TcpStream, Failure> {
    let port = url.port_or_known_default().ok_or(Failure::NotFound)?;
    let found: Vec<SocketAddr> = match url.host().ok_or(Failure::NotFound)? {
        Host::Domain(name) => lookup_host((name, port)).await.map_err(|_| Failure::NotFound)?.collect(),
        Host::Ipv4(address) => vec![(address, port).into()],
        Host::Ipv6(address) => vec![(address, port).into()],
    };
    let mut failure = if found.is_empty() { Failure::NotFound } else { Failure::OutOfReach };
    for address in found.into_iter().filter(|address| reach.allows(tls, address.ip())) {
        match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_)) => failure = Failure::CannotConnect,
            Err(_) => failure = Failure::TimedOut,
        }
    }
    Err(failure)
}

/// Trusts the certificates that the system trusts; read once.
fn tls_config() -> Option<Arc<ClientConfig>> {
    static CONFIG: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    CONFIG.get_or_init(trusting_the_system).clone()
}

fn trusting_the_system() -> Option<Arc<ClientConfig>> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs);
    if taken == 0 {
        tracing::error!("the system has no trusted certificates: install them (ca-certificates)");
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    Some(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
