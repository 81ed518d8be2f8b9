use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};
use waymark_core::event::Digest;

use super::{Phone, Reply};

/// Bytes that begin like a JPEG.
#[derive(Clone)]
pub struct Photo {
    pub bytes: Vec<u8>,
    pub sha256: String,
}

impl Photo {
    /// `n` tells photos apart.
    pub fn new(n: u8, length: usize) -> Self {
        let noise = (0..length).map(|at| u8::try_from(at * at % 251).unwrap() ^ n);
        Self::of(b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01".iter().copied().chain(noise).take(length).collect())
    }

    pub fn of(bytes: Vec<u8>) -> Self {
        Self { sha256: Digest::of_bytes(&bytes).to_string(), bytes }
    }

    /// As a record names it.
    pub fn named(&self) -> Value {
        json!({"sha256": self.sha256, "media_type": "image/jpeg", "bytes": self.bytes.len(),
            "width": 4, "height": 3})
    }
}

impl Phone {
    fn blob_url(&self, sha256: &str) -> String {
        format!("http://{}/api/v1/blobs/{sha256}", self.address)
    }

    /// A JPEG to send.
    pub fn put_blob(&self, photo: &Photo) -> RequestBuilder {
        let request = self.client.put(self.blob_url(&photo.sha256)).header("content-type", "image/jpeg");
        request.bearer_auth(&self.enrolled.token)
    }

    /// Sends it at once.
    pub async fn send_whole(&self, photo: &Photo) -> Reply {
        let request = self.put_blob(photo).body(photo.bytes.clone());
        Reply::read("put", request.send().await.unwrap()).await
    }

    /// Sends a body as what `content-range` says.
    pub async fn send_part(&self, photo: &Photo, range: &str, body: impl Into<Body>) -> Reply {
        let request = self.put_blob(photo).header("content-range", range).body(body);
        Reply::read("put", request.send().await.unwrap()).await
    }

    pub async fn get_blob(&self, sha256: &str) -> Reply {
        let request = self.client.get(self.blob_url(sha256)).bearer_auth(&self.enrolled.token);
        Reply::read("get", request.send().await.unwrap()).await
    }

    pub async fn head_blob(&self, sha256: &str) -> Reply {
        let request = self.client.head(self.blob_url(sha256)).bearer_auth(&self.enrolled.token);
        Reply::read("head", request.send().await.unwrap()).await
    }

    /// How much is held of what it has begun to send.
    pub async fn held(&self, photo: &Photo) -> usize {
        let reply = self.head_blob(&photo.sha256).await;
        assert_eq!(reply.status, 404, "unfinished");
        reply.header("waymark-held").parse().unwrap()
    }
}
