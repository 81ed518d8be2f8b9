//! A simulated phone: writes into its outbox whatever the network is like, and lets core's machine send.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use waymark_core::backend::{NoResponse, Response, reference};
use waymark_core::event::{Body, EventId, Stamp, Unsaved};
use waymark_core::sync::{Answer, Command, FlightId, Input, Mode, Session, Settlement, State, Wake, step};

use super::convoy::Convoy;
use super::outbox::Outbox;
use super::random::Random;
use super::signal::Signal;
use super::tally::Tally;
use super::trip::{Act, What};
use super::{SimulationError, audit};
use crate::command::say;
use crate::remote::{Wire, as_browser};
use crate::{clock, secret};

/// How long a phone that has signal may go without a receipt at the end of a run.
const PATIENCE: Duration = Duration::from_mins(1);

/// One phone of a convoy.
pub struct Phone {
    pub session: Session,
    pub wire: Wire,
    pub convoy: Arc<Convoy>,
    pub call_sign: String,
    /// Whether its vehicle has a phone of its own to speak for it alone.
    pub follows: bool,
    /// Milliseconds to add to this machine's clock to get the server's.
    pub clockoffset: i64,
    pub signal: Signal,
    pub random: Random,
    pub machine: State,
    pub outbox: Outbox,
    pub flight: Option<Flight>,
    pub wake_at: Option<Instant>,
    pub tally: Tally,
}

/// A batch on its way.
pub struct Flight {
    id: FlightId,
    begun: Instant,
    /// Its answer will not arrive.
    lost: bool,
    task: JoinHandle<Result<Response, NoResponse>>,
}

impl Phone {
    /// Does all that is to be done, sends what is left, and asks the server whether it has everything.
    pub async fn run(mut self, acts: Vec<Act>) -> Result<Tally, SimulationError> {
        for act in acts {
            self.go_on_until(self.convoy.pace.at(act.minute)).await?;
            self.write(&act.what)?;
        }
        self.signal.stay();
        self.feed(Input::Wake { why: Wake::Online, now: clock::now() })?;
        let mut rest = self.outbox.waiting();
        let mut give_up = Instant::now() + PATIENCE;
        while rest > 0 && !self.is_shut_out() && Instant::now() < give_up {
            self.go_on_until(Instant::now() + Duration::from_millis(20)).await?;
            if self.outbox.waiting() < rest {
                rest = self.outbox.waiting();
                give_up = Instant::now() + PATIENCE;
            }
        }
        self.tally.lost = self.outbox.waiting();
        if !self.is_shut_out() {
            let acknowledged = &self.outbox.acknowledged;
            self.tally.lost += audit::missing(&self.wire, &self.session, acknowledged).await?;
        }
        Ok(self.tally)
    }

    fn is_shut_out(&self) -> bool {
        *self.machine.mode() == Mode::Paused
    }

    fn write(&mut self, what: &What) -> Result<(), SimulationError> {
        let now = clock::now();
        let vehicle = self.follows.then_some(self.call_sign.as_str());
        let body = self.convoy.body(what, vehicle, now, &mut self.random);
        let id = match what {
            What::Plan => self.convoy.movement,
            _ => fresh_id(now)?,
        };
        self.tell(&format!("writes {}", words(&body)))?;
        let unsaved = Unsaved {
            id,
            source: self.session.source(),
            time: now,
            recorded: now,
            author: self.session.user.clone(),
            pack: "builtin@0".into(),
            exercise: true,
            clockoffset: Some(self.clockoffset),
            body,
        };
        let urgent = self.outbox.save(unsaved);
        self.tally.made += 1;
        self.feed(Input::Wake { why: Wake::Saved { urgent }, now })
    }

    /// Sends, waits, gets and loses signal until then.
    async fn go_on_until(&mut self, end: Instant) -> Result<(), SimulationError> {
        loop {
            let turn = self.turns_at();
            let next = [Some(end), turn, self.wake_at].into_iter().flatten().min().unwrap_or(end);
            match &mut self.flight {
                Some(flight) => tokio::select! {
                    answer = &mut flight.task => self.landed(answer.unwrap_or(Err(NoResponse::Aborted)))?,
                    () = sleep_until(next) => {}
                },
                None => sleep_until(next).await,
            }
            let now = Instant::now();
            if turn.is_some_and(|turn| turn <= now) {
                self.turn()?;
            }
            if self.wake_at.take_if(|at| *at <= now).is_some() {
                self.feed(Input::Tick { now: clock::now() })?;
            }
            if now >= end {
                return Ok(());
            }
        }
    }

    fn turns_at(&self) -> Option<Instant> {
        self.signal.changes.is_finite().then(|| self.convoy.pace.at(self.signal.changes))
    }

    /// The signal comes or goes; what is on its way when it goes is cut off.
    fn turn(&mut self) -> Result<(), SimulationError> {
        self.signal.turn();
        let now = clock::now();
        if self.signal.there {
            self.tell("has signal again")?;
            return self.feed(Input::Wake { why: Wake::Online, now });
        }
        self.tell("has no signal")?;
        self.feed(Input::Offline)?;
        match self.flight.take() {
            Some(flight) => {
                flight.task.abort();
                self.answered(flight.id, Answer::Unreachable, flight.begun)
            }
            None => Ok(()),
        }
    }

    fn landed(&mut self, reply: Result<Response, NoResponse>) -> Result<(), SimulationError> {
        let Some(flight) = self.flight.take() else { return Ok(()) };
        if flight.lost {
            self.tell("did not get the answer")?;
            return self.answered(flight.id, Answer::Unreachable, flight.begun);
        }
        self.tally.slowest_answer = self.tally.slowest_answer.max(flight.begun.elapsed());
        self.answered(flight.id, reference::read_send(reply, clock::now()), flight.begun)
    }

    fn answered(&mut self, flight: FlightId, answer: Answer, begun: Instant) -> Result<(), SimulationError> {
        let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let jitter = self.jitter();
        self.feed(Input::Answered { flight, answer, now: clock::now(), took_ms, jitter })
    }

    /// Waits between tries are shortened like all else.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a share of the largest number
    fn jitter(&mut self) -> u32 {
        (self.random.share() / self.convoy.pace.speed * f64::from(u32::MAX)) as u32
    }

    /// Tells the machine something and does what it commands.
    fn feed(&mut self, input: Input) -> Result<(), SimulationError> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let shut_out = self.is_shut_out();
            let (machine, commands) = step(std::mem::take(&mut self.machine), input);
            self.machine = machine;
            for command in commands {
                inputs.extend(self.obey(command)?);
            }
            if !shut_out && self.is_shut_out() {
                self.tell("is not known to the server any more")?;
            }
        }
        Ok(())
    }

    fn obey(&mut self, command: Command) -> Result<Option<Input>, SimulationError> {
        let now = clock::now();
        Ok(match command {
            Command::Load { limit, passing_over } => {
                Some(Input::Loaded { entries: self.outbox.head(limit, &passing_over), now })
            }
            Command::Send { flight, ids } => {
                self.send(flight, &ids, now);
                None
            }
            Command::Abort { flight } => {
                if let Some(flight) = self.flight.take() {
                    flight.task.abort();
                }
                let jitter = self.jitter();
                Some(Input::Answered { flight, answer: Answer::Aborted, now, took_ms: 0, jitter })
            }
            Command::Settle(settlement) => {
                self.settle(&settlement)?;
                Some(Input::Settled { now })
            }
            Command::Release => None,
            Command::WakeAt(at) => {
                let wait = u64::try_from(at.ms_since(now)).unwrap_or_default();
                self.wake_at = Some(Instant::now() + Duration::from_millis(wait));
                None
            }
        })
    }

    fn send(&mut self, flight: FlightId, ids: &[EventId], now: Stamp) {
        let batch = self.outbox.named(ids);
        self.tally.sent += batch.len();
        let request = reference::send(&self.session, &batch, now);
        let wire = self.wire.clone();
        let task = tokio::spawn(async move { wire.ask(&request).await.map_err(as_browser) });
        self.flight = Some(Flight { id: flight, begun: Instant::now(), lost: self.signal.loses(), task });
    }

    fn settle(&mut self, settlement: &Settlement) -> Result<(), SimulationError> {
        let settled = self.outbox.settle(settlement);
        self.tally.acknowledged += settled.acknowledged;
        self.tally.refused += settled.refused.len();
        self.tally.slowest_receipt = self.tally.slowest_receipt.max(settled.slowest);
        if settled.acknowledged > 0 {
            self.tell(&format!("has {} acknowledged", settled.acknowledged))?;
        }
        for refusal in settled.refused {
            self.tell(&format!("was refused: {} ({})", refusal.detail, refusal.code))?;
        }
        Ok(())
    }

    /// One line, after the time of day in UTC.
    fn tell(&self, words: &str) -> Result<(), SimulationError> {
        let time: String = clock::now().to_string().chars().skip(11).take(8).collect();
        let line = format!("{time} {} {words}\n", self.call_sign);
        say(&line).map_err(|error| SimulationError::Output(error.to_string()))
    }
}

/// A new id for a record written at `now`.
pub fn fresh_id(now: Stamp) -> Result<EventId, SimulationError> {
    let random = secret::random().map_err(|_| SimulationError::NoRandomness)?;
    Ok(EventId::new(u64::try_from(now.0).unwrap_or_default(), random))
}

fn words(body: &Body) -> String {
    match body {
        Body::CheckinMade(made) => {
            let next = made.next_in.map(|minutes| format!(", next in {minutes} min")).unwrap_or_default();
            format!("checkin {} ({}){next}", made.checkin.code(), made.position.source().code())
        }
        other => other.kind().code().to_owned(),
    }
}
