//! Standards packs, as far as the organisation has published one.

use serde_json::{Value, json};
use waymark_core::backend::Payload;
use waymark_core::backend::packs::etag;
use waymark_core::event::Digest;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{carrying, text, with};
use crate::conformance::exchange::Exchange;

/// More files than one answer may have.
const TOO_MANY: usize = 257;
/// Files that are asked for at once.
const SOME: usize = 3;

pub fn checks() -> Vec<Check> {
    group! {
        "pack" pack "The standards pack ([PACKS.md](PACKS.md)) that the organisation has published last"
        "pack-unchanged" unchanged "304, when `If-None-Match` shows that"
        "pack-file" file "a file, of any version the organisation has published"
        "pack-file-unknown" file_unknown "to all others 404 `no_pack_file`, as for one that is not there."
        "pack-files" files "in the order in which they were named"
        "pack-files-unknown" files_unknown "it is 404 `no_pack_file` for all."
        "pack-files-too-many" files_too_many "at most 256 files and 1 MiB, else 413 `too_many_files`."
    }
}

/// What is offered: the answer, and the names of its files.
async fn offered(bench: &Bench) -> Result<(Exchange, Vec<String>), Miss> {
    let exchange = bench.ask(&bench.traveller()?.request("GET", "/pack?have=0")).await;
    if exchange.status() == Some(204) {
        return Err(Miss::not_applicable("the organisation has published no pack"));
    }
    let signed = exchange.json(&[200])?;
    let whole = ["manifest", "key", "signature"].iter().all(|member| signed[*member].is_string());
    exchange.expect(whole, "`manifest`, `key` and `signature`")?;
    let manifest: Value = serde_json::from_str(text(&signed, "manifest")).unwrap_or_default();
    let files = manifest["files"].as_array().cloned().unwrap_or_default();
    exchange.expect(!files.is_empty(), "a manifest that names files")?;
    Ok((exchange, files.iter().map(|file| text(file, "sha256").to_owned()).collect()))
}

async fn pack(bench: &Bench) -> Outcome {
    let exchange = bench.ask(&bench.traveller()?.request("GET", "/pack?have=0")).await;
    if exchange.status() == Some(204) {
        return Ok(());
    }
    let (exchange, _) = offered(bench).await?;
    let tag = etag(&exchange.answer(&[200])?.body);
    exchange.expect(exchange.header("etag") == tag, format!("the `ETag` {tag}, the SHA-256 of the text"))
}

async fn unchanged(bench: &Bench) -> Outcome {
    let (exchange, _) = offered(bench).await?;
    let tag = etag(&exchange.answer(&[200])?.body);
    let request = with(bench.traveller()?.request("GET", "/pack?have=0"), "if-none-match", tag);
    bench.ask(&request).await.answer(&[304]).map(drop)
}

async fn file(bench: &Bench) -> Outcome {
    for name in offered(bench).await?.1.iter().take(SOME) {
        let exchange = bench.ask(&bench.traveller()?.request("GET", &format!("/pack/files/{name}"))).await;
        let same = Digest::of_bytes(&exchange.answer(&[200])?.body).to_string() == *name;
        exchange.expect(same, "a file with that hash")?;
    }
    Ok(())
}

fn unknown() -> String {
    Digest::of_bytes(b"a file that no pack has").to_string()
}

async fn file_unknown(bench: &Bench) -> Outcome {
    let request = bench.traveller()?.request("GET", &format!("/pack/files/{}", unknown()));
    bench.ask(&request).await.problem(&[404]).map(drop)
}

async fn ask_for(bench: &Bench, names: &[String]) -> Result<Exchange, Miss> {
    let request = with(bench.traveller()?.request("POST", "/pack/files"), "content-type", "application/json");
    Ok(bench.ask(&carrying(request, Payload::Text(json!(names).to_string()))).await)
}

async fn files(bench: &Bench) -> Outcome {
    let (_, mut names) = offered(bench).await?;
    names.truncate(SOME);
    names.reverse();
    let mut all = Vec::new();
    for name in &names {
        let exchange = bench.ask(&bench.traveller()?.request("GET", &format!("/pack/files/{name}"))).await;
        all.extend_from_slice(&exchange.answer(&[200])?.body);
    }
    let exchange = ask_for(bench, &names).await?;
    let same = exchange.answer(&[200])?.body == all;
    exchange.expect(same, "the files one after the other, in the order in which they were named")
}

async fn files_unknown(bench: &Bench) -> Outcome {
    ask_for(bench, &[unknown()]).await?.problem(&[404]).map(drop)
}

async fn files_too_many(bench: &Bench) -> Outcome {
    ask_for(bench, &vec![unknown(); TOO_MANY]).await?.problem(&[413]).map(drop)
}
