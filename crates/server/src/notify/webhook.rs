//! Telling a program: JSON by POST, signed as Standard Webhooks have it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderName};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use url::Url;
use waymark_core::event::Stamp;

use super::http::Call;
use super::notice::Notice;
use super::reach::Reach;

/// Where to, and what to sign with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    url: WebhookUrl,
    secret: WebhookSecret,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct WebhookUrl(Url);

impl TryFrom<String> for WebhookUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
        let url = url.ok_or("a webhook's url begins with https:// (or http:// in your own network)")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a webhook's url takes no user and password: requests are signed");
        }
        Ok(Self(url))
    }
}

/// 24 to 64 bytes, written as `whsec_` and base64.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct WebhookSecret(Vec<u8>);

impl TryFrom<String> for WebhookSecret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = text.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
        let fits = bytes.filter(|bytes| (24..=64).contains(&bytes.len()));
        fits.map(Self).ok_or("a webhook's secret is whsec_ and 24 to 64 bytes in base64")
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl Webhook {
    /// # Errors
    /// Why it was not sent, in words.
    pub async fn send(&self, notice: &Notice, now: Stamp, limit: Duration) -> Result<(), String> {
        let body = body(notice);
        let seconds = (now.0 / 1_000).to_string();
        let signature = self.signature(&notice.id, &seconds, &body).ok_or("it cannot be signed")?;
        let header = HeaderName::from_static;
        let headers = vec![
            (CONTENT_TYPE, "application/json".to_owned()),
            (header("webhook-id"), notice.id.clone()),
            (header("webhook-timestamp"), seconds),
            (header("webhook-signature"), signature),
        ];
        let call = Call { method: Method::POST, url: &self.url.0, headers, body: Some(body.into_bytes()) };
        call.send(Reach::Operator, limit).await.map_err(|failure| failure.to_string())
    }

    fn signature(&self, id: &str, seconds: &str, body: &str) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret.0).ok()?;
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

/// Nothing about people or places.
fn body(notice: &Notice) -> String {
    let Notice { id, kind, stage, exercise, org, link } = notice;
    json!({ "id": id, "kind": kind, "stage": stage, "exercise": exercise, "org": org, "link": link })
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn the_example_of_the_specification() {
        let webhook = Webhook {
            url: WebhookUrl(Url::parse("https://example.org").unwrap()),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned().try_into().unwrap(),
        };
        let signature =
            webhook.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}");
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
