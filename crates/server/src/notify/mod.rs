//! Reaching people who are not looking: by push to their phones, by webhook, by e-mail.
//!
//! Whoever finds that something needs an answer makes a [`Notice`] and gives it to [`Notifier::notify`]. What is sent
//! says nothing about people, places or kinds of trouble; see `docs/decisions/notifications.md`.

pub mod config;
mod email;
pub(crate) mod http;
mod notice;
pub mod pressing;
pub mod push;
pub(crate) mod reach;
mod seal;
mod vapid;
mod webhook;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::{FutureExt as _, join_all};
use futures_util::stream::{self, StreamExt as _};
use sha2::{Digest as _, Sha256};
use url::Url;
use waymark_core::event::UserId;
use waymark_core::rules::Role;

use crate::clock;
use crate::storage::{Storage, StorageError, Subscription};
use config::Config;
use email::Address;
pub use notice::{Attempt, Means, Notice, NoticeKind};
use push::{Letter, Pushed};
use vapid::VapidKey;
use webhook::Webhook;
use words::Words;

/// A request must have been answered within this; mail servers get three times as long.
const LIMIT: Duration = Duration::from_secs(10);
/// Requests under way at once.
const AT_ONCE: usize = 64;
/// The setting that holds the key pair.
const KEY: &str = "vapid";

/// Sends notices. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    storage: Arc<dyn Storage>,
    config: Arc<Config>,
    words: Arc<Words>,
    limit: Duration,
}

impl Notifier {
    pub fn new(storage: Arc<dyn Storage>, config: Config) -> Self {
        let words = Arc::new(config.words());
        Self { storage, config: Arc::new(config), words, limit: LIMIT }
    }

    /// Another time limit than 10 s.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// What browsers bind their push subscriptions to: an uncompressed P-256 point as base64url.
    pub async fn public_key(&self) -> Result<String, StorageError> {
        Ok(self.key().await?.public_key())
    }

    /// Whether phones may name push addresses on this machine.
    pub fn allows_local(&self) -> bool {
        self.config.web_push.allow_local
    }

    /// Tells the people of these roles in the notice's organisation by every means that the configuration gives them,
    /// all at once, and waits for what becomes of it: some ten seconds at the worst, half a minute where there is
    /// e-mail. Phones of `users_excluded` are left out.
    ///
    /// One attempt for each target, even if several roles share it; none when there is nobody to tell. Nothing is
    /// tried twice: whoever calls may send the same notice again.
    pub async fn notify(&self, roles: &[Role], users_excluded: &[UserId], notice: &Notice) -> Vec<Attempt> {
        let (phones, programs, people) = tokio::join!(
            self.push(roles, users_excluded, notice),
            self.call_webhooks(roles, notice),
            self.send_emails(roles, notice),
        );
        [phones, programs, people].concat()
    }

    async fn push(&self, roles: &[Role], users_excluded: &[UserId], notice: &Notice) -> Vec<Attempt> {
        let roles: Vec<_> =
            roles.iter().copied().filter(|role| self.config.pushes_to(&notice.org, *role)).collect();
        if roles.is_empty() {
            return Vec::new();
        }
        let found = tokio::try_join!(self.key(), self.storage.subscriptions(&notice.org, &roles));
        let (key, mut phones) = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "storage");
                let why = "the database does not say who takes push messages".to_owned();
                return vec![Attempt::new(Means::Push, "all phones", Err(why))];
            }
        };
        phones.retain(|phone| !users_excluded.contains(&phone.user));
        let own_contact = own_contact(&notice.link);
        let letter = Letter {
            key: &key,
            contact: self.config.web_push.contact().or(own_contact.as_deref()),
            notice,
            words: &self.words,
            allow_local: self.allows_local(),
            now: clock::now(),
            limit: self.limit,
        };
        let pushing: Vec<_> = phones.iter().map(|phone| self.push_to(phone, &letter).boxed()).collect();
        stream::iter(pushing).buffered(AT_ONCE).collect().await
    }

    async fn push_to(&self, phone: &Subscription, letter: &Letter<'_>) -> Attempt {
        let outcome = match letter.send(&phone.address).await {
            Pushed::Sent => Ok(()),
            Pushed::NotSent(why) => Err(why),
            Pushed::Gone => {
                let org = &letter.notice.org;
                let endpoint = Some(phone.address.endpoint.as_str());
                if let Err(error) = self.storage.unsubscribe(org, &phone.device, endpoint).await {
                    tracing::error!(%error, "storage");
                }
                Err("the phone takes no push messages any more: its subscription is dropped".to_owned())
            }
        };
        Attempt::new(Means::Push, &phone.device.0, outcome)
    }

    async fn call_webhooks(&self, roles: &[Role], notice: &Notice) -> Vec<Attempt> {
        let webhooks: BTreeMap<_, _> =
            roles.iter().flat_map(|role| self.config.webhooks(&notice.org, *role)).collect();
        let now = clock::now();
        let call = async |(name, webhook): (&str, &Webhook)| {
            Attempt::new(Means::Webhook, name, webhook.send(notice, now, self.limit).await)
        };
        join_all(webhooks.into_iter().map(call)).await
    }

    async fn send_emails(&self, roles: &[Role], notice: &Notice) -> Vec<Attempt> {
        let mut addresses: Vec<&Address> = Vec::new();
        for address in roles.iter().flat_map(|role| self.config.emails(&notice.org, *role)) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let Some(smtp) = &self.config.smtp else {
            return Vec::new();
        };
        let send = async |address: &Address| {
            let sent = smtp.send(address, &self.words, notice, self.limit).await;
            Attempt::new(Means::Email, address.shortened(), sent)
        };
        join_all(addresses.into_iter().map(send)).await
    }

    /// The server's key pair: made on first use, then the same for as long as the database lives.
    async fn key(&self) -> Result<VapidKey, StorageError> {
        let mut kept = self.storage.setting(KEY).await?;
        if kept.is_none() {
            let fresh = VapidKey::random().map_err(|error| StorageError::Database(error.into()))?;
            kept = Some(self.storage.first_setting(KEY, &fresh.to_text()).await?);
        }
        kept.and_then(|text| VapidKey::from_text(&text)).ok_or(StorageError::Unreadable("push key"))
    }
}

/// The site as contact, where none is configured: some push services take no message without.
fn own_contact(link: &str) -> Option<String> {
    let url = Url::parse(link).ok().filter(|url| url.scheme() == "https")?;
    Some(url.origin().ascii_serialization())
}

/// 32 letters that stand for a notice's id where not every id fits.
fn fingerprint(id: &str) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(Sha256::digest(id.as_bytes()));
    text.truncate(32);
    text
}
