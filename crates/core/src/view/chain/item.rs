use std::sync::Arc;

use serde_json::Value;

use super::Said;
use crate::event::form::{Form, Photo, joined};
use crate::event::{Digest, EventId, Filled, Kind, Outcome, Person, Spot, Stamp, UserId};
use crate::view::movement::By;

/// One item of the chain, with all that was said about it. Screens keep copies of many, so that a copy shares what is
/// large.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: EventId,
    pub digest: Digest,
    pub form: &'static Form,
    pub by: By,
    pub received: Option<Stamp>,
    pub exercise: bool,
    /// Its own record may name a source.
    pub protected: bool,
    /// The standards pack under which it was written: `org.example@3`.
    pub pack: Arc<str>,
    /// As it was first written.
    pub first: Arc<Filled>,
    /// With all that was added since.
    pub now: Arc<Filled>,
    /// What was said about it, oldest first.
    pub said: Arc<Vec<Said>>,
    /// Read once: lists are sorted by it.
    happened: Stamp,
}

/// What somebody thinks of a threat; several people's stand side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation<'a> {
    pub said: &'a Said,
    /// The same person has evaluated it again since.
    pub superseded: bool,
    /// By whoever reported it.
    pub own: bool,
}

/// How an item stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Open,
    /// An action that is done and that nobody else has verified.
    Done,
    /// Over, with the code of how: the outcome of a threat, `closed`, `answered`, `verified`.
    Closed(String),
    /// It needs no end: a consultation, a loss.
    Standing,
}

/// How far something reported has got, by the server's clock where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    pub reported: Stamp,
    /// Somebody evaluated or answered it.
    pub judged: Option<Stamp>,
    /// It has come to its end.
    pub ended: Option<Stamp>,
}

impl Item {
    /// With what was said about it before it came.
    pub(super) fn new(form: &'static Form, item: Said, about: Arc<Vec<Said>>) -> Self {
        let Said { id, digest, by, received, exercise, protected, pack, filled } = item;
        let (first, happened) = (Arc::new(filled), by.at);
        let now = Arc::clone(&first);
        let mut item = Self {
            id,
            digest,
            form,
            by,
            received,
            exercise,
            protected,
            pack,
            first,
            now,
            said: about,
            happened,
        };
        item.fold();
        item
    }

    /// Takes over something that was said about it.
    pub(super) fn hear(&mut self, said: Said) {
        super::put(Arc::make_mut(&mut self.said), said);
        self.fold();
    }

    /// In place of all that was said about it.
    pub(super) fn replace(&mut self, said: Vec<Said>) {
        self.said = Arc::new(said);
        self.fold();
    }

    fn fold(&mut self) {
        self.now = self.until(None);
        self.happened = self.now.moment("happened").unwrap_or(self.by.at);
    }

    /// As it stood before this was added.
    pub fn before(&self, update: EventId) -> Arc<Filled> {
        self.until(Some(update))
    }

    fn until(&self, end: Option<EventId>) -> Arc<Filled> {
        let mut now = Arc::clone(&self.first);
        let own = |said: &&Said| {
            said.filled.kind == Kind::ReportUpdated
                && said.filled.fields_of().is_some_and(|form| form.kind == self.form.kind)
        };
        for update in self.said.iter().take_while(|said| Some(said.id) != end).filter(own) {
            for (name, value) in update.filled.additions() {
                if self.form.field(name).is_some_and(|field| field.fixed) {
                    continue;
                }
                let item = Arc::make_mut(&mut now);
                if name == "photos" {
                    item.add_photos(&update.filled.photos());
                } else if *value == Value::Null {
                    item.data.remove(name);
                } else {
                    item.data.insert(name.clone(), value.clone());
                }
            }
        }
        now
    }

    /// When it happened: what was said of that last, else when it was written down.
    pub fn happened(&self) -> Stamp {
        self.happened
    }

    /// By when what caused it had happened: losses are often known by their day only.
    pub(super) fn latest(&self) -> Stamp {
        let day = if self.form.kind == Kind::LossRecorded { 86_400_000 } else { 0 };
        self.happened.plus_ms(day)
    }

    pub fn headline(&self) -> &str {
        match self.now.text("stakeholder") {
            Some(stakeholder) if self.now.text("said").is_none() => stakeholder,
            _ => self.now.headline(),
        }
    }

    /// Its own, those that were added, and those of what was said about it, each once.
    pub fn photos(&self) -> Vec<Photo> {
        self.said.iter().fold(self.now.photos(), |photos, said| joined(photos, &said.filled.photos()))
    }

    pub fn spot(&self) -> Option<Spot> {
        self.now.spot()
    }

    pub fn is_external(&self) -> bool {
        self.first.external().is_some()
    }

    /// Whether it, or anything said about it, may name a source.
    pub fn is_sensitive(&self) -> bool {
        self.protected || self.said.iter().any(|said| said.protected)
    }

    /// What was said about it of this kind, oldest first.
    pub fn said_of(&self, kind: &Kind) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(move |said| said.filled.kind == *kind)
    }

    /// Everyone's evaluations, the newest first; whose was superseded by their own later one is marked.
    pub fn evaluations(&self) -> Vec<Evaluation<'_>> {
        let mut seen: Vec<&UserId> = vec![];
        let mut all = vec![];
        for said in self.said.iter().rev().filter(|said| said.filled.kind == Kind::ThreatEvaluated) {
            let superseded = seen.contains(&&said.by.user);
            seen.push(&said.by.user);
            all.push(Evaluation { said, superseded, own: said.by.user == self.by.user });
        }
        all
    }

    /// Likelihood and impact, 1 to 5 each: a risk's own, or the worst of the evaluations that stand.
    pub fn risk(&self) -> Option<(u8, u8)> {
        let of = |filled: &Filled| filled.scale("likelihood").zip(filled.scale("impact"));
        let stands = |evaluation: &Evaluation<'_>| {
            if evaluation.superseded { None } else { of(&evaluation.said.filled) }
        };
        let worst = self.evaluations().iter().filter_map(stands).max_by_key(|(one, two)| (one * two, *two));
        of(&self.now).or(worst)
    }

    /// The record that ended it, if one has: the latest.
    pub fn end(&self) -> Option<&Said> {
        if self.form.kind == Kind::ActionOpened {
            return self.verified();
        }
        let ending = match self.form.kind {
            Kind::ThreatReported => Kind::ThreatClosed,
            Kind::IncidentReported => Kind::IncidentClosed,
            Kind::CommunityHeard => Kind::CommunityAnswered,
            Kind::InvestigationOpened => Kind::InvestigationClosed,
            _ => return None,
        };
        self.said.iter().rev().find(|said| said.filled.kind == ending)
    }

    pub fn status(&self) -> Status {
        match (&self.form.kind, self.end()) {
            (Kind::ActionOpened, Some(_)) => Status::Closed("verified".to_owned()),
            (Kind::ActionOpened, None) if self.done().is_some() => Status::Done,
            (Kind::CommunityHeard, Some(_)) => Status::Closed("answered".to_owned()),
            (_, Some(end)) => Status::Closed(end.filled.text("outcome").unwrap_or("closed").to_owned()),
            // Thanks and things seen ask for no answer; what was brought in from elsewhere is history.
            (Kind::CommunityHeard, None)
                if matches!(self.now.text("feedback"), Some("thanks" | "observation")) =>
            {
                Status::Standing
            }
            (Kind::ThreatReported | Kind::IncidentReported, None) if self.is_external() => Status::Standing,
            (
                Kind::ThreatReported
                | Kind::IncidentReported
                | Kind::CommunityHeard
                | Kind::ActionOpened
                | Kind::InvestigationOpened,
                None,
            ) => Status::Open,
            _ => Status::Standing,
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.status(), Status::Open | Status::Done)
    }

    /// What came of a threat, if somebody has said.
    pub fn outcome(&self) -> Option<Outcome> {
        let closed = self.end().filter(|end| end.filled.kind == Kind::ThreatClosed)?;
        closed.filled.text("outcome").map(Outcome::from_code)
    }

    /// The moment by which something is to happen: the deadline of a threat, the day an action is due.
    pub fn deadline(&self) -> Option<Stamp> {
        self.now
            .moment("deadline")
            .or_else(|| self.now.moment("due"))
            .or_else(|| self.now.moment("follow_up_by"))
    }

    pub fn owner(&self) -> Option<Person> {
        self.now.person("owner").or_else(|| self.now.person("leader"))
    }

    /// The latest word that an action is done, unless somebody has since found that it does not hold.
    pub fn done(&self) -> Option<&Said> {
        let done = self.said_of(&Kind::ActionDone).last()?;
        let not_yet = |said: &&Said| said.filled.text("holds") == Some("not_yet") && said.by.at > done.by.at;
        (!self.said_of(&Kind::ActionVerified).any(|said| not_yet(&said))).then_some(done)
    }

    /// Somebody else than who did it found that it holds.
    fn verified(&self) -> Option<&Said> {
        let done = self.done()?;
        self.said_of(&Kind::ActionVerified).find(|said| {
            said.filled.text("holds") == Some("yes")
                && said.by.at >= done.by.at
                && self.may_verify(&said.by.user)
        })
    }

    /// Whether this person is another than who did it, or was to.
    pub fn may_verify(&self, user: &UserId) -> bool {
        let owner = self.owner().and_then(|owner| owner.user);
        owner.as_ref() != Some(user) && self.said_of(&Kind::ActionDone).all(|done| done.by.user != *user)
    }

    pub fn progress(&self) -> Progress {
        let at = |said: &Said| said.received.unwrap_or(said.by.at);
        let judges = |said: &&Said| {
            matches!(
                said.filled.kind,
                Kind::ThreatEvaluated
                    | Kind::ThreatClosed
                    | Kind::IncidentClosed
                    | Kind::CommunityAnswered
                    | Kind::ActionDone
            )
        };
        Progress {
            reported: self.received.unwrap_or(self.by.at),
            judged: self.said.iter().find(judges).map(at),
            ended: self.end().map(at),
        }
    }
}
