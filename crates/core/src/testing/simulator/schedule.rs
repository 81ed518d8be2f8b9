//! A schedule: the list of all that happens in one run, so that it can be run again, made smaller and written down.

use std::fmt;
use std::str::FromStr;

use super::names::{self, CLOCKS, CONDITIONS, DISK_FAULTS, KEPT, NETWORKS, NOTES, PHONES, PLACES, WAKES};
use super::places::{Condition, Place};
use crate::sync::Wake;
use crate::testing::memory_store::Fault;

/// What happens, one after the other. Its text is one line for each step, and is read back by [`str::parse`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule(pub Vec<Step>);

/// One thing that happens, somewhere, some time after the one before. It means something wherever it stands in a
/// schedule: what it picks is counted around among what is there, and where nothing is there, nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Milliseconds since the step before.
    pub after_ms: u32,
    /// Place in [`PHONES`].
    pub phone: usize,
    /// 0 or 1.
    pub tab: usize,
    pub act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Save(Note),
    /// Taps again on what the store did not confirm.
    SaveAgain,
    /// Answers one of the records that wait for an answer on this phone; only managers have such.
    Confirm(u8),
    /// Sends one of the refused list again.
    Retry(u8),
    /// Something under way in this tab, or else in the other, goes on.
    Go {
        pick: u8,
        network: Network,
        /// All of its range is used.
        jitter: u8,
    },
    /// This tab looks for something to send, if it does not already. With a flaw that asks the store twice it has the first of
    /// two answers: what happens before the tab goes on comes in between.
    Half(u8),
    /// A request that was given up, or whose tab is dead, reaches the server after all.
    Deliver(u8),
    Wake(Wake),
    Offline,
    /// The next timer of this tab goes off, and a little too early as well.
    Tick,
    Kill,
    /// The disk of this phone fails at the next chance.
    Disk(Fault),
    /// The server does not know this phone's credential any more.
    SignOut,
    SignIn,
    Clock(Clock),
    Backup,
    /// The server comes back from one of its backups.
    Restore(u8),
    /// The server comes back empty.
    Wipe,
    /// A mirror of this phone is added, removed, or has to have each record or not.
    Mirror(Place, Kept),
    /// This phone's home is this one of the two servers; what was a mirror of it is none any more.
    Home(Place),
    /// A mirror is so from now on, for everybody.
    Fails(Place, Condition),
    /// The server for copies comes back empty.
    WipeCopy,
}

/// What a mirror is to a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Off,
    /// It need not have a record for that to count as sent.
    Beside,
    Must,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    Fine,
    /// Not safe: goes before the others.
    Urgent,
    /// The server refuses it by itself.
    Refused,
    /// The server refuses the whole batch it is in.
    Choking,
    /// Only the server that the app came from takes it: the other one refuses it, the webhook the whole batch it is in.
    Odd,
    /// Written in a tab that still has the session of another organisation.
    Strange,
}

/// What a request meets on its way and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Well,
    /// Well, but slow enough that batches should not grow.
    Slow,
    /// Nothing arrives, now or ever.
    Lost,
    /// Given up by the phone; it may still arrive, see [`Act::Deliver`].
    Delayed,
    ReplyLost,
    Twice,
    /// The server does as it is told and its answer is cut short, at so many 256ths.
    Cut(u8),
    Portal,
    /// An answer without contents, as proxies make.
    Empty,
    TooFewReceipts,
    OtherDigests,
    /// The server decides nothing and says so in its receipts.
    ToldToRetry,
    TooLarge,
    Busy,
    Error,
    /// Stored, and then the server fails.
    ErrorAfter,
    /// Stored, and the phone stops waiting.
    TimedOut,
}

/// What a phone's clock shows, against the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Right,
    TwoHoursAhead,
    YearAhead,
    YearBehind,
}

impl Clock {
    /// Milliseconds that it is ahead.
    pub fn error_ms(self) -> i64 {
        match self {
            Self::Right => 0,
            Self::TwoHoursAhead => 7_200_000,
            Self::YearAhead => 31_536_000_000,
            Self::YearBehind => -31_536_000_000,
        }
    }
}

impl Act {
    /// The fault that this is, in the words of the report.
    pub fn fault(self) -> Option<&'static str> {
        Some(match self {
            Self::Deliver(_) => "arrived late",
            Self::Kill => "tab killed",
            Self::SignOut => "signed out",
            Self::Clock(_) => "clock jumped",
            Self::Restore(_) => "server restored",
            Self::Wipe => "server wiped",
            Self::Offline => "offline",
            Self::Save(Note::Refused) => "record refused",
            Self::Save(Note::Choking) => "batch refused for one record",
            Self::Save(Note::Odd) => "record refused by a mirror",
            Self::Save(Note::Strange) => "of another organisation",
            Self::Mirror(_, Kept::Off) => "mirror removed",
            Self::Mirror(..) => "mirror added or changed",
            Self::Home(_) => "home changed",
            Self::Fails(_, Condition::Down) => "mirror down",
            Self::Fails(_, Condition::Portal) => "mirror behind a portal",
            Self::Fails(_, Condition::SignedOut) => "mirror signed out",
            Self::Fails(_, Condition::Lies) => "mirror lies",
            Self::WipeCopy => "mirror wiped",
            _ => return None,
        })
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{} {}.{} ", self.after_ms, PHONES[self.phone], self.tab)?;
        match self.act {
            Act::Save(note) => write!(f, "save {}", names::of(&NOTES, note)),
            Act::SaveAgain => f.write_str("save-again"),
            Act::Confirm(pick) => write!(f, "confirm {pick}"),
            Act::Retry(pick) => write!(f, "retry {pick}"),
            Act::Go { pick, network: Network::Cut(at), jitter } => write!(f, "go {pick} {jitter} cut {at}"),
            Act::Go { pick, network, jitter } => {
                write!(f, "go {pick} {jitter} {}", names::of(&NETWORKS, network))
            }
            Act::Half(pick) => write!(f, "half {pick}"),
            Act::Deliver(pick) => write!(f, "deliver {pick}"),
            Act::Wake(why) => write!(f, "wake {}", names::of(&WAKES, why)),
            Act::Offline => f.write_str("offline"),
            Act::Tick => f.write_str("tick"),
            Act::Kill => f.write_str("kill"),
            Act::Disk(fault) => write!(f, "disk {}", names::of(&DISK_FAULTS, fault)),
            Act::SignOut => f.write_str("sign-out"),
            Act::SignIn => f.write_str("sign-in"),
            Act::Clock(clock) => write!(f, "clock {}", names::of(&CLOCKS, clock)),
            Act::Backup => f.write_str("backup"),
            Act::Restore(pick) => write!(f, "restore {pick}"),
            Act::Wipe => f.write_str("wipe"),
            Act::Mirror(place, kept) => {
                write!(f, "mirror {} {}", names::of(&PLACES, place), names::of(&KEPT, kept))
            }
            Act::Home(place) => write!(f, "home {}", names::of(&PLACES, place)),
            Act::Fails(place, condition) => {
                write!(f, "fails {} {}", names::of(&PLACES, place), names::of(&CONDITIONS, condition))
            }
            Act::WipeCopy => f.write_str("wipe-copy"),
        }
    }
}

/// The line of a schedule that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a step: {0}")]
pub struct NotAStep(String);

impl FromStr for Schedule {
    type Err = NotAStep;

    fn from_str(text: &str) -> Result<Self, NotAStep> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines
            .map(|line| read(line).ok_or_else(|| NotAStep(line.to_owned())))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn read(line: &str) -> Option<Step> {
    let mut words = line.split_whitespace();
    let after_ms = words.next()?.strip_prefix('+')?.parse().ok()?;
    let (phone, tab) = words.next()?.split_once('.')?;
    let phone = PHONES.iter().position(|name| *name == phone)?;
    let tab = tab.parse().ok().filter(|tab| *tab < 2)?;
    let act = read_act(words.next()?, &words.collect::<Vec<_>>())?;
    Some(Step { after_ms, phone, tab, act })
}

fn read_act(act: &str, rest: &[&str]) -> Option<Act> {
    let number = |at: usize| rest.get(at)?.parse().ok();
    let word = |at: usize| rest.get(at).copied().unwrap_or_default();
    let (first, second) = (word(0), word(1));
    let mirror = || names::named(&PLACES, first).filter(|place| *place != Place::Own);
    Some(match act {
        "save" => Act::Save(names::named(&NOTES, first)?),
        "save-again" => Act::SaveAgain,
        "confirm" => Act::Confirm(number(0)?),
        "retry" => Act::Retry(number(0)?),
        "go" => {
            let network = match *rest.get(2)? {
                "cut" => Network::Cut(number(3)?),
                name => names::named(&NETWORKS, name)?,
            };
            Act::Go { pick: number(0)?, jitter: number(1)?, network }
        }
        "half" => Act::Half(number(0)?),
        "deliver" => Act::Deliver(number(0)?),
        "wake" => Act::Wake(names::named(&WAKES, first)?),
        "offline" => Act::Offline,
        "tick" => Act::Tick,
        "kill" => Act::Kill,
        "disk" => Act::Disk(names::named(&DISK_FAULTS, first)?),
        "sign-out" => Act::SignOut,
        "sign-in" => Act::SignIn,
        "clock" => Act::Clock(names::named(&CLOCKS, first)?),
        "backup" => Act::Backup,
        "restore" => Act::Restore(number(0)?),
        "wipe" => Act::Wipe,
        "mirror" => Act::Mirror(mirror()?, names::named(&KEPT, second)?),
        "home" => Act::Home(names::named(&PLACES, first).filter(|place| *place != Place::Hook)?),
        "fails" => Act::Fails(mirror()?, names::named(&CONDITIONS, second)?),
        "wipe-copy" => Act::WipeCopy,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::generate::generate;
    use super::*;

    #[test]
    fn a_schedule_is_read_back_as_it_was_written() {
        for seed in 0..200 {
            let schedule = generate(seed);
            assert_eq!(schedule.to_string().parse(), Ok(schedule));
        }
        assert_eq!("+0 one.0 dance".parse::<Schedule>(), Err(NotAStep("+0 one.0 dance".into())));
    }
}
