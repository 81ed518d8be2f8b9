//! Random and mutated JSON: refused in words or taken, never a failure of the server.

use serde_json::{Value, json};
use waymark_core::backend::reference::BATCH_TYPE;
use waymark_core::event::Digest;
use waymark_core::rules::Role;

use crate::support::{Phone, Reply, Server};

/// The `SplitMix64` generator: the same bytes at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n as u64).unwrap()
    }

    fn value(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 8 } else { 10 }) {
            0 => Value::Null,
            1 => Value::Bool(self.roll().is_multiple_of(2)),
            2 => json!(self.roll()),
            3 => json!(self.roll().cast_signed()),
            4 => json!(f64::from_bits(self.roll())),
            5 => json!(
                [
                    "",
                    "1.0",
                    "\u{0}",
                    "9999-12-31T23:59:60Z",
                    "0000-01-01T00:00:00-24:00",
                    "\u{202e}ع\u{1f6d1}"
                ][self.below(6)]
            ),
            6 => json!(Digest::of_bytes(&self.roll().to_be_bytes()).to_string()),
            7 => json!("x".repeat(self.below(3_000))),
            8 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members = (0..self.below(4)).map(|n| (format!("{n}\u{0}"), self.value(depth - 1)));
                Value::Object(members.collect())
            }
        }
    }

    /// Changes one thing somewhere in `value`; its digest may be put right again.
    fn mutate(&mut self, mut value: Value) -> Value {
        let names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        let name = &names[self.below(names.len())];
        match self.below(4) {
            0 => {
                value.as_object_mut().unwrap().remove(name);
            }
            1 => value[format!("{name}x")] = self.value(2),
            2 if value["data"].as_object().is_some_and(|data| !data.is_empty()) => {
                let inner: Vec<String> = value["data"].as_object().unwrap().keys().cloned().collect();
                let part = inner[self.below(inner.len())].clone();
                value["data"][part] = self.value(3);
            }
            _ => value[name.as_str()] = self.value(3),
        }
        if self.roll().is_multiple_of(2) {
            value["digest"] = Digest::of_json(&value["data"]).to_string().into();
        }
        value
    }
}

async fn throw(phone: &Phone, body: Vec<u8>) {
    let shown = String::from_utf8_lossy(&body).into_owned();
    let request = phone.post("/records").header("content-type", BATCH_TYPE).body(body);
    let reply = Reply::read("post", request.send().await.unwrap()).await;
    assert!(matches!(reply.status, 200 | 400 | 413 | 422), "{}: {shown}", reply.status);
}

#[tokio::test]
async fn nothing_that_is_sent_makes_the_server_fail() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Security, "Amina").await;
    let mut dice = Dice(20_261_123);
    for n in 0..150_u64 {
        let mutants: Vec<Value> = (0..20)
            .map(|m| {
                let event = driver.checkin(n * 100 + m);
                let event = if dice.below(3) == 0 { driver.confirmation(n * 100 + m, &event) } else { event };
                let once = dice.mutate(event.to_json());
                if dice.below(2) == 0 { dice.mutate(once) } else { once }
            })
            .collect();
        throw(&driver, Value::from(mutants).to_string().into_bytes()).await;
        throw(&driver, dice.value(4).to_string().into_bytes()).await;
        let mut bytes = json!([driver.checkin(n).to_json()]).to_string().into_bytes();
        for _ in 0..=dice.below(3) {
            let at = dice.below(bytes.len());
            bytes[at] = u8::try_from(dice.below(256)).unwrap();
        }
        bytes.truncate(bytes.len() - dice.below(3));
        throw(&driver, bytes).await;
    }
    let seen = amina.feed().await.len();
    let newest = waymark_server::storage::Storage::newest(&*server.storage, &"acme".into()).await.unwrap();
    assert!(seen > 0);
    assert_eq!(u64::try_from(seen).unwrap(), newest, "everything that was taken can be read");
}
