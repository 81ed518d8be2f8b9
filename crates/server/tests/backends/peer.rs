//! Other people's backends as processes of their own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A peer of tests/peers/serve.mjs.
pub struct Peer {
    process: Child,
    orders: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
    pub address: String,
}

fn peers() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers")
}

impl Peer {
    pub fn node(kind: &str) -> Self {
        let mut process = Command::new("node")
            .arg(peers().join("serve.mjs"))
            .arg(kind)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node does not start");
        let orders = process.stdin.take();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut peer = Self { process, orders, said, address: String::new() };
        let said = peer.answer();
        said["address"].as_str().expect("no address").clone_into(&mut peer.address);
        peer
    }

    /// Gives an order, and its answer.
    pub fn order(&mut self, order: &str) -> Value {
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
        let answer = self.answer();
        assert_eq!(answer.get("error"), None, "{order}");
        answer
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        // Whatever else a peer says begins otherwise.
        while !line.starts_with('{') {
            line.clear();
            assert_ne!(self.said.read_line(&mut line).unwrap(), 0, "the peer has ended");
        }
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends with its input, and takes its own peers with it.
        drop(self.orders.take());
        let begun = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) {
            if begun.elapsed() > Duration::from_secs(10) {
                _ = self.process.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What a script of tests/peers says, in one line of JSON.
#[track_caller]
pub fn script(name: &str, arguments: &[&str]) -> Value {
    let output = Command::new("node")
        .arg(peers().join(name))
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{name} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}
