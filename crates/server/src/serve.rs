//! Listening, and stopping without losing what is in work.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use crate::api::client::Peer;
use crate::state::AppState;

/// How long requests in work get to finish.
pub const GRACE: Duration = Duration::from_secs(10);
const HEADER_TIME: Duration = Duration::from_secs(15);
const MAX_CONNECTIONS: usize = 8_192;
/// Connections that wait to be taken; Linux caps it at `net.core.somaxconn`. When news comes, all apps of an organisation
/// connect at once, and those for which there is no room try again only after a second.
const BACKLOG: u32 = 4_096;

/// Listens on an address.
///
/// # Errors
/// It is in use, or not ours.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Elsewhere it would let two servers share the address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Answers connections until `stopping` turns true, then finishes what is in work, for at most [`GRACE`].
pub async fn serve(listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIME);
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            break;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => break,
        };
        let (connection, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let answering = graceful.watch(answer(&builder, connection, peer, router.clone()));
        tokio::spawn(async move {
            if let Err(error) = answering.await {
                tracing::debug!(%error, "connection");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were still open and were cut off");
    }
}

/// Lets streams and the watch hear of what other servers take in, for as long as it is polled.
pub async fn hear(state: AppState) {
    state.storage.hear(&|org, newest| state.news.announce(org, newest)).await;
}

fn answer(
    builder: &Builder<TokioExecutor>,
    connection: TcpStream,
    peer: SocketAddr,
    router: Router,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = Box<dyn std::error::Error + Send + Sync>>
+ Send
+ 'static {
    let _ = connection.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(Request::from(request.map(axum::body::Body::new)))
    });
    builder.serve_connection(TokioIo::new(connection), service).into_owned()
}

/// Waits until `stopping` turns true.
pub async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that nobody can say stop any more.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// A receiver that turns true on SIGINT or SIGTERM (Ctrl-C elsewhere).
pub fn stop_on_signal() -> io::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    let signal = signal()?;
    tokio::spawn(async move {
        signal.await;
        tracing::info!("stopping");
        let _ = sender.send(true);
    });
    Ok(receiver)
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

// How many may wait is the kernel's to say: elsewhere fewer.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{Ipv4Addr, TcpStream as Client};

    use super::*;

    #[tokio::test]
    async fn many_may_connect_before_the_first_is_taken() {
        let listener = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Duration::from_millis(900);
        let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        let most = most.trim().parse().unwrap_or(500).min(500);
        let mut waiting = vec![];
        for _ in 0..most {
            waiting.push(Client::connect_timeout(&address, patience).unwrap());
        }
    }
}
