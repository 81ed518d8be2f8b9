use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::contract;

/// An answer, read to its end and found in `openapi.json`.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The bytes as text, as far as they are.
    pub text: String,
}

impl Reply {
    pub async fn read(method: &str, response: Response) -> Self {
        let path = response.url().path().to_owned();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let reply = Self { status, headers, bytes, text };
        contract::check(method, &path, &reply);
        reply
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts that this is a problem; gives its detail.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.is_empty());
        detail.to_owned()
    }

    /// The outcomes of a batch, in order.
    #[track_caller]
    pub fn outcomes(&self) -> Vec<String> {
        let json = self.json();
        let receipts = json["receipts"].as_array().unwrap_or_else(|| panic!("no receipts: {}", self.text));
        receipts.iter().map(|receipt| receipt["outcome"].as_str().unwrap().to_owned()).collect()
    }

    pub fn seqs(&self) -> Vec<u64> {
        self.json()["receipts"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|receipt| receipt["seq"].as_u64())
            .collect()
    }
}
