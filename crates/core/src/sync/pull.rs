//! Reading the feed: fetch a page, store it, go on while there is more.

use super::{Backoff, Epoch, FeedAnswer, FeedPage, Trouble};
use crate::event::Stamp;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullState {
    busy: bool,
    /// Something new was announced while busy.
    again: bool,
    backoff: Backoff,
    wait_until: Option<Stamp>,
    waiting_since: Stamp,
    /// The backend asked to be left alone until then.
    not_before: Option<Stamp>,
    trouble: Option<Trouble>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PullInput {
    /// There may be something new: start-up, network back, a tap, the stream said so.
    Wake {
        now: Stamp,
    },
    Tick {
        now: Stamp,
    },
    Answered {
        answer: FeedAnswer,
        now: Stamp,
        jitter: u32,
    },
    /// The page or the epoch is stored.
    Stored {
        more: bool,
    },
    StoreFailed {
        now: Stamp,
        jitter: u32,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum PullCommand {
    /// Ask for the page after the stored cursor.
    Fetch,
    Apply(FeedPage),
    AdoptEpoch(Epoch),
    WakeAt(Stamp),
}

impl PullState {
    /// Whether it will try again by itself.
    pub fn is_waiting(&self) -> bool {
        self.wait_until.is_some()
    }

    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }
}

/// The machine; see the module.
pub fn pull_step(mut state: PullState, input: PullInput) -> (PullState, Vec<PullCommand>) {
    let commands = match input {
        PullInput::Wake { .. } if state.busy => {
            state.again = true;
            vec![]
        }
        PullInput::Wake { now } => match state.not_before {
            Some(until) if now < until && now >= state.waiting_since => vec![],
            _ => state.fetch(),
        },
        PullInput::Tick { now } => match state.wait_until {
            Some(_) if state.busy => vec![],
            // A clock that was put back says nothing about the wait.
            Some(until) if now >= until || now < state.waiting_since => state.fetch(),
            Some(until) => vec![PullCommand::WakeAt(until)],
            None => vec![],
        },
        PullInput::Answered { answer, now, jitter } => state.answered(answer, now, jitter),
        PullInput::Stored { more } => {
            state.busy = false;
            state.trouble = None;
            state.backoff.reset();
            if more || std::mem::take(&mut state.again) { state.fetch() } else { vec![] }
        }
        PullInput::StoreFailed { now, jitter } => state.wait(Trouble::Storage, None, now, jitter),
    };
    (state, commands)
}

impl PullState {
    fn fetch(&mut self) -> Vec<PullCommand> {
        self.busy = true;
        self.wait_until = None;
        self.not_before = None;
        vec![PullCommand::Fetch]
    }

    fn answered(&mut self, answer: FeedAnswer, now: Stamp, jitter: u32) -> Vec<PullCommand> {
        match answer {
            FeedAnswer::Page(page) => vec![PullCommand::Apply(page)],
            FeedAnswer::EpochChanged(epoch) => vec![PullCommand::AdoptEpoch(epoch)],
            // Somebody signed in while this request was on its way with the old credential.
            FeedAnswer::SignIn if std::mem::take(&mut self.again) => self.fetch(),
            FeedAnswer::SignIn => {
                self.busy = false;
                self.trouble = Some(Trouble::SignIn);
                vec![]
            }
            FeedAnswer::Failed(trouble, at_least) => self.wait(trouble, at_least, now, jitter),
        }
    }

    fn wait(&mut self, trouble: Trouble, at_least: Option<i64>, now: Stamp, jitter: u32) -> Vec<PullCommand> {
        let until = now.plus_ms(self.backoff.fail(jitter).max(at_least.unwrap_or(0)));
        self.busy = false;
        self.again = false;
        self.trouble = Some(trouble);
        self.wait_until = Some(until);
        self.waiting_since = now;
        self.not_before = at_least.map(|_| until);
        vec![PullCommand::WakeAt(until)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(more: bool) -> FeedPage {
        FeedPage { epoch: Epoch("e".into()), records: vec![], next: 3.into(), more }
    }

    fn answered(answer: FeedAnswer) -> PullInput {
        PullInput::Answered { answer, now: Stamp(0), jitter: u32::MAX }
    }

    #[test]
    fn it_reads_until_there_is_no_more() {
        let (state, commands) = pull_step(PullState::default(), PullInput::Wake { now: Stamp(0) });
        assert_eq!(commands, [PullCommand::Fetch]);
        let (state, commands) = pull_step(state, answered(FeedAnswer::Page(page(true))));
        assert_eq!(commands, [PullCommand::Apply(page(true))]);
        let (state, commands) = pull_step(state, PullInput::Stored { more: true });
        assert_eq!(commands, [PullCommand::Fetch]);
        let (state, _) = pull_step(state, answered(FeedAnswer::Page(page(false))));
        let (_, commands) = pull_step(state, PullInput::Stored { more: false });
        assert_eq!(commands, []);
    }

    #[test]
    fn a_wake_while_busy_is_not_forgotten() {
        let (state, _) = pull_step(PullState::default(), PullInput::Wake { now: Stamp(0) });
        let (state, commands) = pull_step(state, PullInput::Wake { now: Stamp(0) });
        assert_eq!(commands, []);
        let (_, commands) = pull_step(state, PullInput::Stored { more: false });
        assert_eq!(commands, [PullCommand::Fetch]);
    }

    #[test]
    fn failures_wait_and_say_why() {
        let (state, _) = pull_step(PullState::default(), PullInput::Wake { now: Stamp(0) });
        let failed = FeedAnswer::Failed(Trouble::Busy, Some(60_000));
        let (state, commands) = pull_step(state, answered(failed));
        assert_eq!(commands, [PullCommand::WakeAt(Stamp(60_000))]);
        assert_eq!(state.trouble(), Some(&Trouble::Busy));
        let (state, commands) = pull_step(state, PullInput::Tick { now: Stamp(59_999) });
        assert_eq!(commands, [PullCommand::WakeAt(Stamp(60_000))], "a timer that is early is set again");
        let (state, commands) = pull_step(state, PullInput::Wake { now: Stamp(59_999) });
        assert_eq!(commands, [], "the backend asked to be left alone");
        let (_, commands) = pull_step(state, PullInput::Tick { now: Stamp(60_000) });
        assert_eq!(commands, [PullCommand::Fetch]);
    }
}
