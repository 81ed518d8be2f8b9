//! Server-sent events over fetch: `EventSource` cannot send a credential in a header.

use waymark_core::backend::Request;
use web_sys::AbortController;

use super::body::Pieces;
use super::clock::within;
use super::http::build;

/// What came over the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamNews {
    /// The server is there.
    Heartbeat,
    /// An event of this name with this data.
    Event { name: String, data: String },
}

/// Opens a stream and tells `news` what comes, until it ends. Gives the status if it was not opened.
pub async fn follow(
    request: &Request,
    abort: &AbortController,
    quiet_ms: u32,
    mut news: impl FnMut(StreamNews),
) -> Option<u16> {
    let signal = abort.signal();
    let opening = build(request, Some(&signal)).ok()?.send();
    let Some(response) = within(quiet_ms, opening).await else {
        abort.abort();
        return None;
    };
    let response = response.ok()?;
    let is_stream = response
        .headers()
        .get("content-type")
        .is_some_and(|content| content.starts_with("text/event-stream"));
    if !response.ok() || !is_stream {
        return Some(response.status());
    }
    let pieces = Pieces::of(&response)?;
    let mut parser = Parser::default();
    // A link that died without a word shows only by the missing heartbeats.
    while let Some(Ok(Some(bytes))) = within(quiet_ms, pieces.next()).await {
        parser.feed(&bytes, &mut news);
        if parser.held() > request.max_bytes {
            break;
        }
    }
    abort.abort();
    None
}

/// The event stream format (WHATWG HTML, 9.2.6), as far as one-line data goes.
#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    name: String,
    data: String,
}

impl Parser {
    /// How many bytes of an event have come that has not ended.
    fn held(&self) -> usize {
        self.line.len() + self.name.len() + self.data.len()
    }

    fn feed(&mut self, bytes: &[u8], news: &mut impl FnMut(StreamNews)) {
        for byte in bytes {
            match byte {
                b'\n' => {
                    let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
                    self.line(line.trim_end_matches('\r'), news);
                }
                other => self.line.push(*other),
            }
        }
    }

    fn line(&mut self, line: &str, news: &mut impl FnMut(StreamNews)) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.data.push_str(value),
            "" if line.starts_with(':') => news(StreamNews::Heartbeat),
            "" if !self.data.is_empty() || !self.name.is_empty() => news(StreamNews::Event {
                name: std::mem::take(&mut self.name),
                data: std::mem::take(&mut self.data),
            }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_has_no_end_is_counted() {
        let mut parser = Parser::default();
        parser.feed(b"event: seq\ndata: {}\n\n", &mut |_| {});
        assert_eq!(parser.held(), 0);
        parser.feed(b"data: ab\ndata: cd\nxyz", &mut |_| {});
        assert_eq!(parser.held(), 7);
    }

    #[wasm_bindgen_test]
    fn events_are_read_however_they_are_cut() {
        let text = ": beat\n\nevent: seq\r\ndata: {\"seq\":7}\r\n\r\n";
        for size in [1, 3, 100] {
            let mut parser = Parser::default();
            let mut all = vec![];
            for chunk in text.as_bytes().chunks(size) {
                parser.feed(chunk, &mut |news| all.push(news));
            }
            let event = StreamNews::Event { name: "seq".into(), data: "{\"seq\":7}".into() };
            assert_eq!(all, [StreamNews::Heartbeat, event], "in chunks of {size}");
        }
    }
}
