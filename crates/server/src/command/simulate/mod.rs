//! Phones that drive along the road of the demo, against any server.

mod audit;
mod convoy;
mod enrol;
mod outbox;
mod pace;
mod phone;
mod random;
mod signal;
mod tally;
mod trip;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::task::JoinSet;
use url::Url;
use waymark_core::event::Person;

use super::{CommandError, DataArgs, backend_address, say};
use crate::clock;
use crate::remote::{Newcomer, Wire};
use crate::route::Route;
use convoy::{Convoy, call_sign};
use outbox::Outbox;
use pace::Pace;
use phone::Phone;
use random::Random;
use signal::Signal;
use tally::Tally;
use trip::Trip;

/// Minutes by which the phones of one convoy check in apart from each other.
const APART: f64 = 7.0;

/// Every record is marked as an exercise. Times are real: with --speed 60 the plans themselves are shorter (a check-in a
/// minute instead of an hour, grace and steps of the ladder of one minute), so that a server watches them as it would
/// watch real ones. Beyond --speed 60 check-ins come faster than a plan can say, and nobody is late any more.
#[derive(Debug, Args)]
pub struct Simulate {
    /// The server's address. Without https only within your own network.
    #[arg(long, value_parser = backend_address)]
    url: Url,
    /// Enrolment codes, by comma: one phone each, spread over the convoys.
    #[arg(long, value_delimiter = ',', required_unless_present = "data", conflicts_with = "data")]
    code: Vec<String>,
    /// The server's data directory, on this machine: two phones a convoy, with codes made for them.
    #[arg(long)]
    data: Option<PathBuf>,
    /// The server's PostgreSQL database, if that is where its data is.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The organisation, where there are several in the data directory.
    #[arg(long, requires = "data")]
    org: Option<String>,
    /// How many convoys drive.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    convoys: u16,
    /// Simulated minutes to a real one.
    #[arg(long, default_value_t = 60.0, value_parser = speed)]
    speed: f64,
    /// The share of time without signal, in spells, and the share of answers that get lost.
    #[arg(long, default_value_t = 0.2, value_parser = share)]
    loss: f64,
    /// How many convoys fall silent for a while.
    #[arg(long, default_value_t = 1)]
    late: u16,
    /// Somebody who is enrolled already and rides along in the first convoy, by the name they are known by: it is on
    /// their phone too, and what they say counts.
    #[arg(long)]
    passenger: Vec<String>,
    /// How long the day is, in simulated hours.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=72))]
    hours: u16,
    /// The same number gives the same losses.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Why a simulation did not come to a good end.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    #[error("{convoys} convoys need at least as many codes: there are {codes}")]
    TooFewCodes { convoys: usize, codes: usize },
    #[error("{url} cannot be reached: {failure}")]
    Unreachable { url: Url, failure: String },
    #[error("what answers at {0} is not a Waymark server")]
    NotAServer(Url),
    #[error("code {number} of {all} does not work: it may be mistyped, used or expired")]
    Code { number: usize, all: usize },
    #[error("the server asks to wait {0} s: too many codes did not work")]
    TooMany(i64),
    #[error("the server answered {0}")]
    Server(u16),
    #[error("nobody in this organisation is known as {0}")]
    NobodyOfThatName(String),
    #[error("the road cannot be read")]
    NoRoad,
    #[error("the system gives no random bytes")]
    NoRandomness,
    #[error("the server does not say whether it has what it acknowledged")]
    NotChecked,
    #[error("{lost} of {made} records were lost and {refused} refused")]
    Bad { made: usize, lost: usize, refused: usize },
    #[error("cannot print: {0}")]
    Output(String),
    #[error("a simulated phone broke down")]
    BrokeDown,
}

impl Simulate {
    pub async fn run(self) -> Result<(), CommandError> {
        let convoys = usize::from(self.convoys);
        let codes = match &self.data {
            Some(data) => {
                let data = DataArgs { data: Some(data.clone()), database_url: self.database_url.clone() };
                enrol::make_codes(&data, self.org.as_deref(), convoys * 2).await?
            }
            None => self.code.clone(),
        };
        if codes.len() < convoys {
            return Err(SimulationError::TooFewCodes { convoys, codes: codes.len() }.into());
        }
        let wire = Wire { base: self.url.clone() };
        let crew = enrol::all(&wire, &codes).await?;
        let passengers = match crew.first().filter(|_| !self.passenger.is_empty()) {
            Some(first) => enrol::known(&wire, &first.session, &self.passenger).await?,
            None => vec![],
        };
        let mut phones = JoinSet::new();
        for (phone, acts) in self.phones(&wire, &crew, &passengers)? {
            phones.spawn(phone.run(acts));
        }
        let mut tally = Tally::default();
        while let Some(ended) = phones.join_next().await {
            tally.add(&ended.map_err(|_| SimulationError::BrokeDown)??);
        }
        say(&tally.to_string())?;
        let Tally { made, lost, refused, .. } = tally;
        if lost + refused > 0 {
            return Err(SimulationError::Bad { made, lost, refused }.into());
        }
        Ok(())
    }

    /// All phones with what they are to do. The first of each convoy leads; the others follow in vehicles of their own.
    fn phones(
        &self,
        wire: &Wire,
        crew: &[Newcomer],
        passengers: &[Person],
    ) -> Result<Vec<(Phone, Vec<trip::Act>)>, SimulationError> {
        let road = Route::chad_east().map_err(|_| SimulationError::NoRoad)?;
        let pace = Pace::new(self.speed);
        let convoys = usize::from(self.convoys);
        let mut phones = Vec::new();
        for number in 0..convoys {
            let people: Vec<_> = crew.iter().skip(number).step_by(convoys).collect();
            let sessions: Vec<_> = people.iter().map(|newcomer| &newcomer.session).collect();
            let trip = Trip::new(&road, number, self.hours).ok_or(SimulationError::NoRoad)?;
            let movement = phone::fresh_id(clock::now())?;
            let aboard = if number == 0 { passengers } else { &[] };
            let convoy = Arc::new(Convoy::new(number, movement, trip, (&sessions, aboard), pace));
            let mut after = 0.0;
            for (vehicle, newcomer) in people.into_iter().enumerate() {
                let acts =
                    if vehicle == 0 { convoy.trip.leader() } else { convoy.trip.follower(after % 60.0) };
                let late = number < usize::from(self.late);
                let acts = if late { convoy.trip.with_silence(acts, convoy.silence()) } else { acts };
                phones.push((self.phone(wire, &convoy, newcomer, (number, vehicle)), acts));
                after += APART;
            }
        }
        Ok(phones)
    }

    fn phone(
        &self,
        wire: &Wire,
        convoy: &Arc<Convoy>,
        newcomer: &Newcomer,
        (number, vehicle): (usize, usize),
    ) -> Phone {
        let stream = (number as u64) << 32 | vehicle as u64;
        let mut random = Random::of(self.seed, stream);
        let signal = Signal::new(Random::of(random.draw(), stream), self.loss);
        Phone {
            session: newcomer.session.clone(),
            wire: wire.clone(),
            convoy: convoy.clone(),
            call_sign: call_sign(number, vehicle),
            follows: vehicle > 0,
            clockoffset: newcomer.clockoffset,
            signal,
            random,
            machine: waymark_core::sync::State::default(),
            outbox: Outbox::default(),
            flight: None,
            wake_at: None,
            tally: Tally::default(),
        }
    }
}

fn speed(text: &str) -> Result<f64, String> {
    number(text, 1.0, 1e6)
}

fn share(text: &str) -> Result<f64, String> {
    number(text, 0.0, 0.9)
}

fn number(text: &str, low: f64, high: f64) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (low..=high).contains(number));
    number.ok_or_else(|| format!("a number from {low} to {high}"))
}
