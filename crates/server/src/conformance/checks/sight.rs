//! Who sees what.

use serde_json::{Value, json};

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{Device, text};
use crate::conformance::feed::Page;
use crate::conformance::place::Place;

pub fn checks() -> Vec<Check> {
    group! {
        "manager-sees" manager_sees "Managers see what is written in their areas"
        "traveller-sees-confirmation" traveller_sees_confirmation "Everybody sees what is said about their own records"
        "traveller-sees-no-others" traveller_sees_no_others "travellers and reporters see nothing else of others"
        "protected-not-for-managers" protected_not_for_managers "managers do not get it, nor what refers to it"
        "protected-goes-along" protected_goes_along "Whoever may not see a record does not see what refers to it"
        "protected-before-its-record" protected_before "when the protected record arrives later, what is stored already becomes protected with it."
        "protected-for-security" protected_for_security "Security and central see all of theirs"
        "protected-for-central" protected_for_central "Security and central see all of theirs"
        "other-organisation-sees-nothing" other_sees_nothing "Organisations see nothing of each other."
        "other-organisation-writes-nothing" other_writes_nothing "A device sends only what was written on it"
    }
}

fn protected(device: &Device) -> Value {
    let mut record = device.checkin();
    record["protected"] = true.into();
    record
}

/// A record of a kind that nobody knows, about another.
fn about(device: &Device, other: &Value) -> Value {
    let mut record = device.unknown(json!({"about": other["id"]}));
    record["subject"] = format!("records/{}", text(other, "id")).into();
    record
}

fn hidden(page: &Page, record: &Value) -> Outcome {
    page.exchange.expect(!page.has(record), format!("no record {}", text(record, "id")))
}

async fn manager_sees(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let record = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.until(manager, from, &[record]).await.map(drop)
}

/// The manager's own check-in, then a confirmation of one of the traveller's: what the traveller has then.
async fn confirmed(bench: &Bench) -> Result<(Page, Value), Miss> {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(traveller).await?;
    let (checkin, other) = (traveller.checkin(), manager.checkin());
    bench.store(traveller, std::slice::from_ref(&checkin)).await?;
    let unreadable = || Miss::not_applicable("the check-in cannot be confirmed");
    let confirmation = manager.confirmation(&checkin).ok_or_else(unreadable)?;
    bench.store(manager, &[other.clone(), confirmation.clone()]).await?;
    Ok((bench.until(traveller, from, &[confirmation]).await?, other))
}

async fn traveller_sees_confirmation(bench: &Bench) -> Outcome {
    confirmed(bench).await.map(drop)
}

async fn traveller_sees_no_others(bench: &Bench) -> Outcome {
    let (page, other) = confirmed(bench).await?;
    hidden(&page, &other)
}

/// Sends these in one batch each, then an open record; what the manager has when that is there.
async fn manager_has(bench: &Bench, batches: &[&[Value]]) -> Result<Page, Miss> {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    for batch in batches {
        bench.store(traveller, batch).await?;
    }
    let open = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&open)).await?;
    bench.until(manager, from, &[open]).await
}

async fn protected_not_for_managers(bench: &Bench) -> Outcome {
    let record = protected(bench.traveller()?);
    hidden(&manager_has(bench, &[std::slice::from_ref(&record)]).await?, &record)
}

async fn protected_goes_along(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = protected(traveller);
    let one = about(traveller, &record);
    let two = about(traveller, &one);
    let page =
        manager_has(bench, &[&[record], std::slice::from_ref(&one), std::slice::from_ref(&two)]).await?;
    hidden(&page, &one)?;
    hidden(&page, &two)
}

async fn protected_before(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = protected(traveller);
    let early = about(traveller, &record);
    hidden(&manager_has(bench, &[std::slice::from_ref(&early), &[record]]).await?, &early)
}

async fn sees_protected(bench: &Bench, place: Place) -> Outcome {
    let (traveller, reader) = (bench.traveller()?, bench.device(place)?);
    let from = bench.end(reader).await?;
    let record = protected(traveller);
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.until(reader, from, &[record]).await.map(drop)
}

async fn protected_for_security(bench: &Bench) -> Outcome {
    sees_protected(bench, Place::Security).await
}

async fn protected_for_central(bench: &Bench) -> Outcome {
    sees_protected(bench, Place::Central).await
}

async fn other_sees_nothing(bench: &Bench) -> Outcome {
    let (traveller, manager, other) = (bench.traveller()?, bench.manager()?, bench.device(Place::Other)?);
    let (from, others) = (bench.end(manager).await?, bench.end(other).await?);
    let record = traveller.checkin();
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    bench.until(manager, from, std::slice::from_ref(&record)).await?;
    // From the beginning too: each organisation may count for itself.
    for after in [others, 0] {
        hidden(&bench.rest(other, after, 1_000).await?, &record)?;
    }
    Ok(())
}

async fn other_writes_nothing(bench: &Bench) -> Outcome {
    let (traveller, manager, other) = (bench.traveller()?, bench.manager()?, bench.device(Place::Other)?);
    let from = bench.end(manager).await?;
    let (forged, open) = (traveller.checkin(), traveller.checkin());
    bench.send(other, std::slice::from_ref(&forged)).await.outcomes(&["rejected"])?;
    bench.store(traveller, std::slice::from_ref(&open)).await?;
    hidden(&bench.until(manager, from, &[open]).await?, &forged)
}
