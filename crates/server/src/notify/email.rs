//! Telling people by e-mail: one message for each address, so that nobody learns of the others.

use std::error::Error;
use std::time::Duration;
use std::{io, iter};

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::Deserialize;
use tokio::time::timeout;
use tokio_rustls::rustls;
use url::{Host, Url};

use super::notice::Notice;
use super::words::Words;

/// Mail servers are slower than others: some let a stranger wait on purpose.
const PATIENCE: u32 = 3;

/// The mail server that takes our messages, and who they are from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    url: SmtpUrl,
    from: Address,
}

/// `smtps://` is TLS from the first byte; `smtp://` is STARTTLS, which must succeed, but on this very machine plain.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct SmtpUrl(String);

impl TryFrom<String> for SmtpUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const WRONG: &str = "smtp.url is smtp://user:password@host:port or smtps://user:password@host:port";
        let mut url = Url::parse(&text).map_err(|_| WRONG)?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
            return Err(WRONG);
        }
        if url.query().is_some() {
            return Err("smtp.url takes no options: write smtps:// for TLS, smtp:// for STARTTLS");
        }
        if url.scheme() == "smtp" && !is_here(&url) {
            url.set_query(Some("tls=required"));
        }
        Ok(Self(url.into()))
    }
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        // `smtp` is no scheme whose hosts are parsed further.
        Some(Host::Domain(name)) => matches!(name, "localhost" | "127.0.0.1"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An e-mail address, with or without a name before it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address(Mailbox);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text:?} is no e-mail address"))
    }
}

impl Address {
    /// `amina@example.org` as `a…@example.org`.
    pub fn shortened(&self) -> String {
        let (user, domain) = (self.0.email.user(), self.0.email.domain());
        format!("{}…@{domain}", user.chars().next().unwrap_or('?'))
    }
}

impl Smtp {
    /// # Errors
    /// Why it was not sent, in words.
    pub async fn send(
        &self,
        to: &Address,
        words: &Words,
        notice: &Notice,
        limit: Duration,
    ) -> Result<(), String> {
        let message = self.message(to, words, notice).ok_or("the message cannot be written")?;
        let limit = limit * PATIENCE;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.url.0);
        let transport = transport.map_err(|_| "TLS cannot be set up")?.timeout(Some(limit)).build();
        match timeout(limit, transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(why(&error)),
            Err(_) => Err("the mail server did not answer in time".to_owned()),
        }
    }

    fn message(&self, to: &Address, words: &Words, notice: &Notice) -> Option<Message> {
        let automatic = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).ok()?;
        let text = format!("{}\r\n\r\n{}", words.body(notice.exercise), notice.link);
        let message = Message::builder()
            .from(self.from.0.clone())
            .to(to.0.clone())
            .subject(words.body(notice.exercise))
            .message_id(Some(format!("<{}@{}>", super::fingerprint(&notice.id), self.from.0.email.domain())))
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN);
        message.body(text).ok()
    }
}

/// Without the server's own words, which may repeat the address.
fn why(error: &SmtpError) -> String {
    if let Some(code) = error.status() {
        return format!("the mail server refused it with {code}");
    }
    let words = if error.is_timeout() {
        "the mail server did not answer in time"
    } else if is_tls(error) {
        "the mail server has no certificate that is trusted here, or does not speak TLS"
    } else if error.is_client() {
        "the mail server does not offer STARTTLS or a way to sign in that is known here"
    } else if error.is_response() {
        "the mail server answers what is no SMTP"
    } else {
        "the mail server cannot be connected to"
    };
    words.to_owned()
}

/// A handshake that fails is an input error with the reason somewhere inside.
fn is_tls(error: &SmtpError) -> bool {
    let reasons = iter::successors(error.source(), |reason| (*reason).source());
    let inner = |reason: &(dyn Error + 'static)| {
        let input = reason.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        reason.is::<rustls::Error>() || input.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>)
    };
    error.is_tls() || reasons.into_iter().any(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_server_is_safe_unless_it_is_here() {
        let read = |text: &str| SmtpUrl::try_from(text.to_owned()).map(|url| url.0);
        assert_eq!(read("smtp://mail.example.org").unwrap(), "smtp://mail.example.org?tls=required");
        assert_eq!(read("smtps://a:b@mail.example.org:465").unwrap(), "smtps://a:b@mail.example.org:465");
        assert_eq!(read("smtp://localhost:25").unwrap(), "smtp://localhost:25");
        assert_eq!(read("smtp://127.0.0.1:2525").unwrap(), "smtp://127.0.0.1:2525");
        for wrong in ["", "mail.example.org", "https://a", "smtp://", "smtp://a?tls=opportunistic"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_are_shortened() {
        let short = |text: &str| Address::try_from(text.to_owned()).unwrap().shortened();
        assert_eq!(short("amina.ousmane@example.org"), "a…@example.org");
        assert_eq!(short("Radio Room <élan@example.org>"), "é…@example.org");
        assert!(Address::try_from("nobody".to_owned()).is_err());
    }
}
