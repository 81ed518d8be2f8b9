//! `POST /bundles`: records that somebody else has carried here, taken in as from the devices that signed them, with
//! receipts for the way back.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use waymark_core::backend::bundles::{Handed, HandedParcel};
use waymark_core::carry::{self, Bundle, Parcel, ParcelReceipts, SigningKey};
use waymark_core::event::{Event, OrgId};
use waymark_core::sync::Refusal;

use super::caller::SignedIn;
use super::device_key::server_key;
use super::{body, records};
use crate::clock;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::{Signer, StorageError};

pub async fn bundles(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    body: Body,
) -> Result<Json<Handed>, Problem> {
    let bytes = body::read(body, records::MAX_BODY, &state.limits).await?;
    // Signatures and digests take milliseconds that other requests need not wait for.
    let parsing = tokio::task::spawn_blocking(move || parse(&bytes));
    let bundle = parsing.await.map_err(|_| Problem::internal())??;
    // What is once begun is finished, even if the sender goes away.
    let work = tokio::spawn(take_in(state, caller.org, bundle));
    Ok(Json(work.await.map_err(|_| Problem::internal())??))
}

fn parse(bytes: &[u8]) -> Result<Bundle, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| refused(&carry::BundleError::NotABundle))?;
    let bundle = carry::parse(text).map_err(|error| refused(&error))?;
    let records: usize = bundle.parcels.iter().map(|parcel| parcel.records.len()).sum();
    if records > records::MAX_RECORDS { Err(refused(&carry::BundleError::TooLarge)) } else { Ok(bundle) }
}

fn refused(error: &carry::BundleError) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.to_string())
}

async fn take_in(state: AppState, org: OrgId, bundle: Bundle) -> Result<Handed, StorageError> {
    let server = server_key(&*state.storage).await?;
    let mut parcels = Vec::with_capacity(bundle.parcels.len());
    for parcel in bundle.parcels {
        let digest = parcel.digest();
        let device = parcel.manifest.device.clone();
        parcels.push(match signer(&state, &org, &parcel).await? {
            Ok(signer) => {
                let receipts = take_in_parcel(&state, &server, signer, parcel).await?;
                HandedParcel { device, digest, receipts: Some(receipts.signed), code: None, detail: None }
            }
            Err(Refusal { code, detail }) => {
                HandedParcel { device, digest, receipts: None, code: Some(code), detail: Some(detail) }
            }
        });
    }
    Ok(Handed { server_key: server.public(), parcels })
}

/// By whom a parcel is signed, as is known here.
async fn signer(
    state: &AppState,
    org: &OrgId,
    parcel: &Parcel,
) -> Result<Result<Signer, Refusal>, StorageError> {
    let refusal = |code: &str, detail: &str| Ok(Err(Refusal::new(code, detail.to_owned())));
    let manifest = &parcel.manifest;
    if manifest.org != *org {
        return refusal("foreign_organisation", "the parcel is of another organisation");
    }
    let Some(signer) = state.storage.signer(org, &manifest.device).await? else {
        return refusal("unknown_device", "no such device is enrolled here");
    };
    if signer.revoked {
        return refusal("device_shut_out", "the device was shut out: what it signs is not believed");
    }
    if signer.caller.user != manifest.user {
        return refusal("wrong_author", "somebody else carries that device");
    }
    match signer.key {
        None => {
            refusal("no_key", "that device has not said with which key it signs: it does at its next contact")
        }
        Some(key) if key != manifest.key => refusal("wrong_key", "the parcel is signed with another key"),
        Some(_) => Ok(Ok(signer)),
    }
}

async fn take_in_parcel(
    state: &AppState,
    server: &SigningKey,
    signer: Signer,
    parcel: Parcel,
) -> Result<carry::SignedReceipts, StorageError> {
    let Signer { caller, name, .. } = signer;
    let (org, device) = (caller.org.clone(), caller.device.clone());
    let received = clock::now();
    let mut events: Vec<Event> = parcel.records.into_iter().map(|(event, _)| event).collect();
    events.sort_by_key(|event| event.devseq);
    let (epoch, receipts) = records::take_in_events(state.clone(), caller, received, events).await?;
    Ok(ParcelReceipts { org, device, name, epoch, received, receipts }.sign(server))
}
