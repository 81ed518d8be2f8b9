//! Health, codes and credentials.

use waymark_core::backend::reference;
use waymark_core::event::Stamp;
use waymark_core::json::Json as _;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::bare;
use crate::conformance::exchange::Exchange;
use crate::remote::fresh_key;
use crate::secret::EnrolmentCode;

/// Wrong codes after which a backend is taken to count none.
const MOST_WRONG: usize = 40;
/// What refuses a code, whatever the reason.
const REFUSED: [u16; 5] = [400, 401, 403, 404, 422];

pub fn checks() -> Vec<Check> {
    group! {
        "health" health "`{\"service\":\"waymark\",\"version\",\"epoch\",\"now\"}`."
        "enrolment" enrolment "→ `{\"device\",\"token\",\"org\",\"org_name\",\"user\",\"name\",\"role\",\"areas\",\"epoch\",\"now\",\"pack_key\"?}`."
        "code-once" code_once "Codes are used once and expire"
        "codes-refused-alike" codes_refused_alike "wrong, used and expired get the same answer."
    }
}

pub fn last() -> Vec<Check> {
    group! {
        "wrong-codes-limited" wrong_codes_limited "waits as `Retry-After` says (a tap or an emergency tries once before)"
    }
}

async fn health(bench: &Bench) -> Outcome {
    let exchange = bench.ask(&bare("GET", "/health")).await;
    let body = exchange.json(&[200])?;
    exchange.expect(body["service"] == "waymark", "`service` waymark")?;
    for member in ["version", "epoch"] {
        let there = body[member].as_str().is_some_and(|text| !text.is_empty());
        exchange.expect(there, format!("a `{member}`"))?;
    }
    exchange.expect(Stamp::from_value(&body["now"]).is_ok(), "`now`, a time")
}

async fn enrolment(bench: &Bench) -> Outcome {
    let answers: Vec<_> =
        bench.enrolments.iter().filter_map(|it| Some((it, it.exchange.as_ref()?))).collect();
    if answers.is_empty() {
        return Err(Miss::not_applicable("every device was enrolled before"));
    }
    let health = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    for (enrolment, exchange) in answers {
        let body = exchange.json(&[200, 201])?;
        let members =
            "`device`, `token`, `org`, `org_name`, `user`, `name`, `role`, `areas`, `epoch` and `now`";
        exchange.expect(enrolment.device.is_some(), members)?;
        exchange.expect(body["name"] == enrolment.place.name(), "the `name` that was sent")?;
        exchange.expect(body["epoch"] == health["epoch"], "the `epoch` that /health says")?;
        let key = body.get("pack_key");
        let hex = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        exchange.expect(
            key.is_none_or(|key| key.as_str().is_some_and(hex)),
            "`pack_key` in 64 hex digits or none",
        )?;
    }
    Ok(())
}

/// Enrolment with another key than the first, as somebody else would try.
async fn again(bench: &Bench, code: &str) -> Result<Exchange, Miss> {
    let key = fresh_key().map_err(|none| Miss::not_applicable(none.to_string()))?;
    Ok(bench.ask(&reference::enrol(code, "Conformance again", &key, None)).await)
}

fn used(bench: &Bench) -> Result<&str, Miss> {
    let used = bench.enrolments.iter().find(|it| it.device.is_some() && it.code.is_some());
    used.and_then(|it| it.code.as_deref()).ok_or_else(|| Miss::not_applicable("no code was used"))
}

fn wrong() -> Result<String, Miss> {
    let code = EnrolmentCode::random().map_err(|none| Miss::not_applicable(none.to_string()))?;
    Ok(code.to_string())
}

async fn code_once(bench: &Bench) -> Outcome {
    again(bench, used(bench)?).await?.problem(&REFUSED).map(drop)
}

async fn codes_refused_alike(bench: &Bench) -> Outcome {
    let first = again(bench, used(bench)?).await?.problem(&REFUSED)?;
    let exchange = again(bench, &wrong()?).await?;
    let other = exchange.problem(&REFUSED)?;
    let same = ["status", "title", "detail", "code"].iter().all(|member| first[*member] == other[*member]);
    exchange.expect(same, format!("what a used code gets: {first}"))
}

async fn wrong_codes_limited(bench: &Bench) -> Outcome {
    if !bench.limits {
        return Err(Miss::not_applicable("only with --limits"));
    }
    let key = fresh_key().map_err(|none| Miss::not_applicable(none.to_string()))?;
    for _ in 0..MOST_WRONG {
        let exchange = bench.ask_once(&reference::enrol(&wrong()?, "Conformance wrong", &key, None)).await;
        if exchange.status() == Some(429) {
            exchange.problem(&[429])?;
            return exchange.expect(exchange.wait().is_some(), "`Retry-After`");
        }
        exchange.problem(&REFUSED)?;
    }
    Err(Miss::not_applicable(format!("{MOST_WRONG} wrong codes in a row were looked at")))
}
