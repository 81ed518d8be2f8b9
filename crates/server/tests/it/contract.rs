//! `openapi.json` is true: every answer the tests get is in it, and every route is.

use serde_json::Value;
use waymark_server::api::openapi::DOCUMENT;

use crate::support::{Reply, Server};

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// Fails unless the document has this answer, with its content type and members.
#[track_caller]
pub fn check(method: &str, path: &str, reply: &Reply) {
    let Some(path) = path.strip_prefix("/api/v1") else {
        return;
    };
    let document = document();
    let named = |prefix: &str| path.starts_with(prefix).then(|| format!("{prefix}{{sha256}}"));
    let path = named("/blobs/").or_else(|| named("/pack/files/")).unwrap_or_else(|| path.to_owned());
    let path = path.as_str();
    let Some(operation) = document["paths"].get(path).and_then(|item| item.get(method)) else {
        assert!(matches!(reply.status, 404 | 405), "{method} {path} is not in openapi.json");
        return;
    };
    let answer = &operation["responses"][reply.status.to_string()];
    assert!(answer.is_object(), "{method} {path} {} is not in openapi.json: {}", reply.status, reply.text);
    for name in answer["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        assert!(!reply.header(name).is_empty(), "{method} {path} {}: no {name}", reply.status);
    }
    if method == "head" || answer["content"].is_null() {
        return assert_eq!(reply.text, "", "an answer without a body");
    }
    let media_type = reply.header("content-type");
    let schema = &answer["content"][media_type]["schema"];
    assert!(schema.is_object(), "{method} {path} {} {media_type} is not in openapi.json", reply.status);
    if media_type.ends_with("json") {
        conforms(&document, schema, &reply.json());
    }
}

/// As much of JSON Schema as the document uses for answers.
#[track_caller]
fn conforms(document: &Value, schema: &Value, value: &Value) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).unwrap();
        return conforms(document, target, value);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        conforms(document, part, value);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{name} is missing in {value}");
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(member) = value.get(name) {
            conforms(document, schema, member);
        }
    }
    for item in value.as_array().into_iter().flatten().filter(|_| schema["items"].is_object()) {
        conforms(document, &schema["items"], item);
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    assert!(fits, "{value} is not {}", schema["type"]);
    if let Some(known) = schema["enum"].as_array() {
        assert!(known.contains(value), "{value} is not one of {known:?}");
    }
}

#[tokio::test]
async fn the_document_is_served_and_every_path_in_it_answers() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    let answer = client.get(server.url("/api/v1/openapi.json")).send().await.unwrap();
    let document_served = Reply::read("get", answer).await;
    assert_eq!(document_served.json(), document());
    assert_eq!(document_served.json()["openapi"], "3.1.0");
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let name = method.to_uppercase().parse().unwrap();
            let answer = client.request(name, server.url(&format!("/api/v1{path}"))).send().await.unwrap();
            let status = answer.status().as_u16();
            assert!(!matches!(status, 404 | 405), "{method} {path}: {status}");
            Reply::read(method, answer).await;
        }
    }
}

#[tokio::test]
async fn every_route_is_in_the_document() {
    let source = include_str!("../../src/router.rs");
    let api = &source[source.find("fn api(").unwrap()..];
    let routes: Vec<_> = api.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(routes.len() >= 6, "{routes:?}");
    for route in routes {
        assert!(document()["paths"][route].is_object(), "{route}");
    }
}
