use std::collections::BTreeMap;

use axum::body::Body;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use waymark_server::metrics;
use waymark_server::state::AppState;

/// What Prometheus reads, taken apart: every line of it must be one that the format has.
#[derive(Debug)]
pub struct Scrape {
    pub text: String,
    /// Types by name.
    pub types: BTreeMap<String, String>,
    /// Values by name and labels, as they are written.
    values: BTreeMap<String, String>,
}

impl Scrape {
    pub async fn of(state: &AppState) -> Self {
        let request = axum::http::Request::get("/metrics").body(Body::empty()).unwrap();
        let response = metrics::router(state.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Self::read(String::from_utf8(bytes.to_vec()).unwrap())
    }

    pub fn read(text: String) -> Self {
        let (mut types, mut values) = (BTreeMap::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect(line);
                assert!(types.insert(name.to_owned(), kind.to_owned()).is_none(), "twice: {line}");
            } else if !line.starts_with("# HELP ") {
                let (name, value) = line.rsplit_once(' ').expect(line);
                let family = name.split('{').next().unwrap();
                let of = |end| family.strip_suffix(end).unwrap_or(family);
                let known = [family, of("_bucket"), of("_sum"), of("_count")];
                assert!(known.iter().any(|name| types.contains_key(*name)), "no type: {line}");
                assert!(
                    values.insert(name.to_owned(), value.parse().expect(line)).is_none(),
                    "twice: {line}"
                );
            }
        }
        Self { text, types, values }
    }

    /// A whole number, with labels in the order in which they are written.
    #[track_caller]
    pub fn get(&self, name: &str) -> i64 {
        let value = self.values.get(name).unwrap_or_else(|| panic!("{name} is not in {}", self.text));
        value.trim_end_matches(".0").parse().unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
}
