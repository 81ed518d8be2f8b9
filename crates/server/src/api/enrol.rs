//! `POST /enrol`: a code becomes a credential.

use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use waymark_core::backend::reference::Enrolled;
use waymark_core::event::{DeviceId, UserId};

use super::body;
use super::caller::bearer;
use super::client::ClientAddress;
use crate::clock;
use crate::limits::Wait;
use crate::problem::Problem;
use crate::secret::{self, EnrolmentCode, NoRandomness, SecretHash, Token};
use crate::state::AppState;
use crate::storage::{Enrolling, Enrolment, Former, StorageError};

const MAX_BODY: usize = 16 << 10;
const MAX_NAME: usize = 80;

#[derive(Deserialize)]
struct Wish {
    code: String,
    name: String,
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    key: Option<String>,
}

pub async fn enrol(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Enrolled>, Problem> {
    let bytes = body::read(body, MAX_BODY, &state.limits).await?;
    let wish: Wish = serde_json::from_slice(&bytes).map_err(|error| {
        let detail = format!("the body is not an enrolment: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "not_an_enrolment", detail)
    })?;
    let name = name(&wish.name)?;
    // Taken before the code is looked at, so that many tries at once count too; a good code gives them back.
    let now = Instant::now();
    state.enrol_address_limiter.take(address, now).map_err(wait)?;
    state.enrol_limiter.take((), now).map_err(wait)?;
    let enrolled = attempt(&state, &wish, name, bearer(&headers)).await?;
    state.enrol_address_limiter.give_back(address, now);
    state.enrol_limiter.give_back((), now);
    Ok(Json(enrolled))
}

fn wait(wait: Wait) -> Problem {
    Problem::too_many(wait.seconds())
}

fn name(typed: &str) -> Result<String, Problem> {
    let name = typed.trim();
    let length = name.chars().count();
    if (1..=MAX_NAME).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    let detail = format!("the name is to have 1 to {MAX_NAME} characters on one line");
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_name", detail))
}

async fn attempt(
    state: &AppState,
    wish: &Wish,
    name: String,
    shown: Option<SecretHash>,
) -> Result<Enrolled, Problem> {
    let code = EnrolmentCode::read(&wish.code).ok_or_else(refused)?;
    let token = Token::random().map_err(no_randomness)?;
    let enrolment = Enrolment {
        code: code.hash(),
        name: name.clone(),
        former: former(wish, shown),
        key: wish.key.as_deref().and_then(secret::device_key),
        new_device: DeviceId(secret::device_id().map_err(no_randomness)?),
        new_user: UserId(secret::user_id().map_err(no_randomness)?),
        new_token: token.hash(),
    };
    let now = clock::now();
    let storage = state.storage.clone();
    let work = tokio::spawn(async move {
        let enrolling = storage.enrol(&enrolment, now).await?;
        let key = match &enrolling {
            Enrolling::Enrolled { caller, .. } => storage.pack_key(&caller.org).await?,
            Enrolling::Refused => None,
        };
        Ok::<_, StorageError>((enrolling, storage.epoch().await?, key))
    });
    match work.await.map_err(|_| Problem::internal())?? {
        (Enrolling::Refused, ..) => Err(refused()),
        (Enrolling::Enrolled { caller, org_name }, epoch, pack_key) => Ok(Enrolled {
            org: caller.org,
            org_name,
            user: caller.user,
            name,
            role: caller.role,
            areas: caller.areas,
            device: caller.device,
            token: token.into_text(),
            epoch,
            now,
            pack_key,
        }),
    }
}

/// Ids that this server would not make are not taken on: the device gets new ones.
fn former(wish: &Wish, token: Option<SecretHash>) -> Option<Former> {
    let device = wish.device.as_deref().filter(|id| secret::is_device_id(id))?;
    let user = wish.user.as_deref().filter(|id| secret::is_user_id(id)).map(UserId::from);
    Some(Former { device: device.into(), user, token })
}

/// One answer for codes that are wrong, used or expired.
fn refused() -> Problem {
    let detail = "this code does not work: it may be mistyped, used or expired; ask for a new one";
    Problem::new(StatusCode::FORBIDDEN, "enrolment_refused", detail)
}

fn no_randomness(error: NoRandomness) -> Problem {
    StorageError::Database(error.into()).into()
}
