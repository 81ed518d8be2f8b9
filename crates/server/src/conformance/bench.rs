//! The backend under examination and the test devices.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;
use waymark_core::backend::reference::{self, BATCH_TYPE, CLOCK_HEADER};
use waymark_core::backend::{Payload, Request};
use waymark_core::event::Stamp;

use super::check::Miss;
use super::device::{Device, bare, carrying, with};
use super::exchange::Exchange;
use super::{ConformanceError, Credential, Entrant, Place};
use crate::clock;
use crate::remote::{Newcomer, Wire, as_response, fresh_key};

/// How often a request is made again that came too soon.
const TRIES: usize = 8;
/// No longer than this is waited at once, whatever the backend says.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What every check works with.
pub struct Bench {
    wire: Wire,
    pub patience: Duration,
    pub limits: bool,
    pub enrolments: Vec<Enrolment>,
}

/// How somebody signed in.
pub struct Enrolment {
    pub place: Place,
    pub code: Option<String>,
    /// The answer, if there was a code.
    pub exchange: Option<Exchange>,
    pub device: Option<Device>,
}

impl Bench {
    /// Enrols everybody.
    pub async fn set_up(
        wire: Wire,
        entrants: Vec<Entrant>,
        patience: Duration,
        limits: bool,
    ) -> Result<Self, ConformanceError> {
        let mut bench = Self { wire, patience, limits, enrolments: vec![] };
        if let Err(failure) = bench.wire.answer(&bare("GET", "/health")).await {
            let (url, failure) = (bench.wire.base, failure.to_string());
            return Err(ConformanceError::Unreachable { url, failure });
        }
        for Entrant { place, credential } in entrants {
            let enrolment = bench.enrol(place, credential).await?;
            bench.enrolments.push(enrolment);
        }
        bench.fit()?;
        Ok(bench)
    }

    async fn enrol(&self, place: Place, credential: Credential) -> Result<Enrolment, ConformanceError> {
        let code = match credential {
            Credential::Session(session) => {
                let device = Some(Device::new(*session, true)?);
                return Ok(Enrolment { place, code: None, exchange: None, device });
            }
            Credential::Code(code) => code,
        };
        let sent = clock::now();
        let exchange = self.ask(&reference::enrol(&code, place.name(), &fresh_key()?, None)).await;
        let now = clock::now();
        let enrolled = exchange.answer(&[200, 201]).ok().map(as_response);
        let enrolled = enrolled.and_then(|response| reference::read_enrol(Ok(response), now).ok());
        let device = match enrolled {
            Some(enrolled) => Some(Device::new(Newcomer::of(enrolled, sent, now).session, false)?),
            None => None,
        };
        Ok(Enrolment { place, code: Some(code), exchange: Some(exchange), device })
    }

    /// Whether everybody is who they are said to be.
    fn fit(&self) -> Result<(), ConformanceError> {
        let Some(traveller) = self.device(Place::Traveller).ok().map(|device| &device.session) else {
            return Ok(());
        };
        for Enrolment { place, device, .. } in &self.enrolments {
            let Some(session) = device.as_ref().map(|device| &device.session) else { continue };
            let option = place.option();
            if place.role().is_some_and(|role| role != session.role) {
                return Err(ConformanceError::WrongRole { place: option, role: session.role.code() });
            }
            let same = session.org == traveller.org;
            match place {
                Place::Other if same => return Err(ConformanceError::SameOrganisation),
                Place::Other => {}
                _ if !same => return Err(ConformanceError::OtherOrganisation(option)),
                _ => {
                    let (one, other) = (&session.areas, &traveller.areas);
                    let everywhere = one.is_empty() || other.is_empty();
                    if !everywhere && !one.iter().any(|area| other.contains(area)) {
                        return Err(ConformanceError::NoSharedArea(option));
                    }
                }
            }
        }
        Ok(())
    }

    /// Who is there for this.
    pub fn device(&self, place: Place) -> Result<&Device, Miss> {
        let option = place.option();
        let enrolment = self.enrolments.iter().find(|enrolment| enrolment.place == place);
        let enrolment = enrolment
            .ok_or_else(|| Miss::not_applicable(format!("there is no {option} to check it with")))?;
        let missing = || Miss::not_applicable(format!("{option} could not be enrolled"));
        enrolment.device.as_ref().ok_or_else(missing)
    }

    pub fn traveller(&self) -> Result<&Device, Miss> {
        self.device(Place::Traveller)
    }

    pub fn manager(&self) -> Result<&Device, Miss> {
        self.device(Place::Manager)
    }

    /// Makes a request, and makes it again when the backend asks for time.
    pub async fn ask(&self, request: &Request) -> Exchange {
        let mut exchange = self.ask_once(request).await;
        for _ in 1..TRIES {
            let Some(wait) = exchange.wait() else { break };
            sleep(wait.min(LONGEST_WAIT)).await;
            exchange = self.ask_once(request).await;
        }
        exchange
    }

    /// Makes a request once, whatever comes.
    pub async fn ask_once(&self, request: &Request) -> Exchange {
        Exchange::new(request, self.wire.answer(request).await)
    }

    /// The backend, for what is not one answer.
    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Sends records as a batch.
    pub async fn send(&self, device: &Device, records: &[Value]) -> Exchange {
        self.ask(&batch(device, Value::from(records).to_string(), clock::now())).await
    }

    /// Sends records that are all to be taken.
    pub async fn store(&self, device: &Device, records: &[Value]) -> Result<Exchange, Miss> {
        let exchange = self.send(device, records).await;
        exchange.outcomes(&vec!["accepted"; records.len()])?;
        Ok(exchange)
    }
}

/// `POST /records` with this body, from a device whose clock shows this.
pub fn batch(device: &Device, body: String, now: Stamp) -> Request {
    let request = with(device.request("POST", "/records"), "content-type", BATCH_TYPE);
    carrying(with(request, CLOCK_HEADER, now.0.to_string()), Payload::Text(body))
}
