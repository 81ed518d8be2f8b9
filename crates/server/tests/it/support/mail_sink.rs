use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A mail server that keeps what it is given.
pub struct MailSink {
    pub address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
}

#[derive(Debug, Clone, Default)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Head and body, as they came.
    pub text: String,
    /// What followed AUTH.
    pub signed_in: String,
    pub tls: bool,
}

/// How the server behaves.
#[derive(Clone)]
pub enum Manner {
    Plain,
    Tls(TlsAcceptor),
    StartTls(TlsAcceptor),
    RefusesRecipients,
    Silent,
}

impl MailSink {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mails = Arc::<Mutex<Vec<Mail>>>::default();
        let kept = mails.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (manner, kept) = (manner.clone(), kept.clone());
                tokio::spawn(async move {
                    let _ = receive(stream, manner, &kept).await;
                });
            }
        });
        Self { address, mails }
    }

    /// What came since this was last asked.
    pub fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }
}

async fn receive(stream: TcpStream, manner: Manner, kept: &Mutex<Vec<Mail>>) -> io::Result<()> {
    match manner {
        Manner::Silent => tokio::time::sleep(Duration::from_mins(1)).await,
        Manner::Tls(acceptor) => {
            let mut talk = Talk::new(acceptor.accept(stream).await?, true);
            talk.say("220 sink").await?;
            talk.converse(kept, "250 AUTH PLAIN", true).await?;
        }
        Manner::StartTls(acceptor) => {
            let mut talk = Talk::new(stream, false);
            talk.say("220 sink").await?;
            if talk.converse(kept, "250 STARTTLS", true).await? {
                let stream = acceptor.accept(talk.stream.into_inner()).await?;
                Talk::new(stream, true).converse(kept, "250 AUTH PLAIN", true).await?;
            }
        }
        Manner::Plain | Manner::RefusesRecipients => {
            let mut talk = Talk::new(stream, false);
            talk.say("220 sink").await?;
            talk.converse(kept, "250 HELP", matches!(manner, Manner::Plain)).await?;
        }
    }
    Ok(())
}

struct Talk<S> {
    stream: BufReader<S>,
    mail: Mail,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn new(stream: S, tls: bool) -> Self {
        Self { stream: BufReader::new(stream), mail: Mail { tls, ..Mail::default() } }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }

    /// Whether the client wants to go on over TLS.
    async fn converse(&mut self, kept: &Mutex<Vec<Mail>>, offer: &str, takes: bool) -> io::Result<bool> {
        loop {
            let line = self.line().await?;
            let (verb, rest) = line.trim_end().split_once([' ', ':']).unwrap_or((line.trim_end(), ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.say(&format!("250-sink\r\n{offer}")).await?,
                "STARTTLS" => {
                    self.say("220 go on").await?;
                    return Ok(true);
                }
                "AUTH" => {
                    rest.clone_into(&mut self.mail.signed_in);
                    self.say("235 welcome").await?;
                }
                "MAIL" => {
                    self.mail.from = address(rest);
                    self.say("250 ok").await?;
                }
                "RCPT" if takes => {
                    self.mail.to.push(address(rest));
                    self.say("250 ok").await?;
                }
                "RCPT" => self.say(&format!("550 no {} here", address(rest))).await?,
                "DATA" => {
                    self.say("354 go on").await?;
                    loop {
                        let line = self.line().await?;
                        if line == ".\r\n" {
                            break;
                        }
                        self.mail.text += &line;
                    }
                    kept.lock().unwrap().push(self.mail.clone());
                    self.say("250 kept").await?;
                }
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(false);
                }
                _ => self.say("250 ok").await?,
            }
        }
    }
}

/// What is between the angle brackets.
fn address(text: &str) -> String {
    text.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
