//! Simulated phones sign in like real ones.

use waymark_core::backend::Response;
use waymark_core::backend::reference::{self, EnrolProblem};
use waymark_core::event::Person;
use waymark_core::rules::Role;
use waymark_core::sync::Session;

use super::SimulationError;
use crate::clock;
use crate::command::code::{Grant, fresh, organisation};
use crate::command::{CommandError, DataArgs};
use crate::remote::{Newcomer, Wire, fresh_key};
use crate::storage::Storage;

/// Long enough to sign in.
const CODES_LAST_MS: i64 = 3_600_000;

/// Makes travellers' codes where the server's data is; the server may be running.
pub async fn make_codes(
    data: &DataArgs,
    org: Option<&str>,
    count: usize,
) -> Result<Vec<String>, CommandError> {
    let storage = data.open().await?;
    let codes = codes(&*storage, org, count).await;
    storage.close().await;
    codes
}

async fn codes(storage: &dyn Storage, org: Option<&str>, count: usize) -> Result<Vec<String>, CommandError> {
    let org = organisation(storage, org).await?;
    let now = clock::now();
    let mut codes = Vec::with_capacity(count);
    for _ in 0..count {
        let grant = Grant { org: org.clone(), role: Role::Traveller, areas: vec![], device: None };
        codes.push(fresh(storage, grant, now, now.plus_ms(CODES_LAST_MS)).await?.to_string());
    }
    Ok(codes)
}

/// Signs a phone in with each code.
pub async fn all(wire: &Wire, codes: &[String]) -> Result<Vec<Newcomer>, SimulationError> {
    let mut newcomers = Vec::with_capacity(codes.len());
    for (index, code) in codes.iter().enumerate() {
        let name = format!("Simulated {}", index + 1);
        let problem = |problem| explain(wire, problem, index + 1, codes.len());
        newcomers.push(one(wire, code, &name).await?.map_err(problem)?);
    }
    Ok(newcomers)
}

/// People of the organisation by their names.
pub async fn known(wire: &Wire, session: &Session, names: &[String]) -> Result<Vec<Person>, SimulationError> {
    let reply = wire.ask(&reference::directory(session)).await;
    let response = reply.map_err(|failure| SimulationError::Unreachable {
        url: wire.base.clone(),
        failure: failure.to_string(),
    })?;
    let people = reference::read_directory(&response.body).map(|directory| directory.people);
    let people = people.ok_or(SimulationError::Server(response.status))?;
    let find = |name: &String| {
        let found = people.iter().find(|person| person.name == *name);
        let found = found.ok_or_else(|| SimulationError::NobodyOfThatName(name.clone()))?;
        Ok(Person { name: found.name.clone(), user: Some(found.user.clone()) })
    };
    names.iter().map(find).collect()
}

async fn one(wire: &Wire, code: &str, name: &str) -> Result<Result<Newcomer, EnrolProblem>, SimulationError> {
    let key = fresh_key().map_err(|_| SimulationError::NoRandomness)?;
    let sent = clock::now();
    let reply = wire.ask(&reference::enrol(code, name, &key, None)).await;
    let response: Response = reply.map_err(|failure| SimulationError::Unreachable {
        url: wire.base.clone(),
        failure: failure.to_string(),
    })?;
    let now = clock::now();
    Ok(reference::read_enrol(Ok(response), now).map(|enrolled| Newcomer::of(enrolled, sent, now)))
}

fn explain(wire: &Wire, problem: EnrolProblem, number: usize, all: usize) -> SimulationError {
    match problem {
        EnrolProblem::Code => SimulationError::Code { number, all },
        EnrolProblem::TooMany(ms) => SimulationError::TooMany(ms / 1_000),
        EnrolProblem::Backend(status) => SimulationError::Server(status),
        EnrolProblem::Unreachable | EnrolProblem::NotTheBackend => {
            SimulationError::NotAServer(wire.base.clone())
        }
    }
}
