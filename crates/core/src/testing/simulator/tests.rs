use super::names::{CLOCKS, DISK_FAULTS, NETWORKS, PHONES};
use super::*;

/// `WAYMARK_SEEDS` asks for more.
fn seeds() -> u64 {
    std::env::var("WAYMARK_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(5_000)
}

#[test]
fn nothing_is_lost_and_nothing_is_double_under_any_fault() {
    let mut total = Report::default();
    for seed in 0..seeds() {
        total.add(&run_seed(seed).unwrap_or_else(|words| panic!("{words}")));
    }
    println!("{total:?}");
    // A simulator in which nothing goes wrong would prove nothing.
    for (what, count) in total.faults() {
        assert!(count > 0, "no seed ever met: {what}");
    }
    assert!(total.confirmed > 0 && total.refused > 0);
}

/// A schedule found by `cargo xtask bench simulator`, or by the test above: `WAYMARK_SCHEDULE` names the file.
#[test]
fn a_schedule_in_a_file_is_run_again() {
    let Ok(path) = std::env::var("WAYMARK_SCHEDULE") else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let schedule: Schedule = text.parse().unwrap_or_else(|error| panic!("{error}"));
    run(&schedule, None).unwrap_or_else(|broken| panic!("{broken}"));
}

#[test]
fn what_is_broken_on_purpose_is_found_and_made_small() {
    for (flaw, promise) in Flaw::ALL {
        let broken = |seed: u64| {
            let broken = run(&generate(seed), Some(flaw)).err()?;
            (broken.promise == promise).then_some((seed, broken))
        };
        let (seed, broken) =
            (0..500).find_map(broken).unwrap_or_else(|| panic!("{flaw:?} does not break {promise:?}"));
        let schedule = generate(seed);
        let (small, found) = smallest(&schedule, broken, Some(flaw));
        println!("{flaw:?}, seed {seed}: {} steps, of which remain\n{small}{found}\n", schedule.0.len());
        assert!(small.0.len() <= 12, "{flaw:?} left {} steps:\n{small}", small.0.len());
        let again: Schedule = small.to_string().parse().unwrap();
        assert_eq!(run(&again, Some(flaw)).err(), Some(found), "the text tells the same story");
        assert!(run(&small, None).is_ok(), "without {flaw:?} nothing is wrong:\n{small}");
        for at in 0..small.0.len() {
            let mut fewer = small.clone();
            fewer.0.remove(at);
            let fails = run(&fewer, Some(flaw)).is_err_and(|broken| broken.promise == promise);
            assert!(!fails, "{flaw:?}: step {at} could go:\n{small}");
        }
    }
}

/// Found by seed 76,292, made small, and repaired.
#[test]
fn a_page_stored_after_a_restore_changes_nothing() {
    let schedule: Schedule = ANSWERED_BEFORE_THE_RESTORE_STORED_AFTER.parse().unwrap();
    assert_eq!(run(&schedule, None).err(), None);
}

/// A tab that had its page of the feed before the backend was restored stored it after the other tab had read anew.
const ANSWERED_BEFORE_THE_RESTORE_STORED_AFTER: &str = "
    +0 one.0 save urgent\n+0 one.0 save fine\n+0 one.0 go 0 0 well\n+0 one.0 go 0 0 well
    +0 deputy.1 wake online\n+0 one.0 go 0 0 well\n+0 deputy.0 go 51 0 well\n+0 one.0 go 0 0 well\n+0 base.0 wipe
    +0 one.0 go 0 0 well\n+0 one.0 go 0 0 well\n+0 deputy.0 wake visible\n+0 one.0 go 0 0 well
    +0 deputy.0 go 0 0 well\n+0 one.0 go 0 0 well\n+0 deputy.0 go 0 0 well";

/// Found by seed 128,087, made small, and repaired. Of a hundred thousand seeds hardly one comes to this, so that the flaw
/// is not among those that some seed has to find.
#[test]
fn a_place_of_which_nobody_told_is_found() {
    let schedule: Schedule = KILLED_BEFORE_IT_COULD_TELL.parse().unwrap();
    assert_eq!(run(&schedule, None).err(), None);
    let broken = run(&schedule, Some(Flaw::WaitsToBeTold)).unwrap_err();
    assert_eq!(broken.promise, Promise::Arrival);
}

/// A tab added a mirror that turned it away, and was killed before it could tell the other.
const KILLED_BEFORE_IT_COULD_TELL: &str =
    "+0 two.0 fails copy signed-out\n+0 two.0 disk killed\n+0 two.1 mirror copy beside";

/// Found by seed 6,170, made small, and repaired; as rare as the one before.
#[test]
fn what_is_sent_is_judged_by_what_the_store_said_with_it() {
    let schedule: Schedule = MOVED_BACK_BETWEEN_TWO_QUESTIONS.parse().unwrap();
    assert_eq!(run(&schedule, None).err(), None);
    let broken = run(&schedule, Some(Flaw::JudgesByTheFuture)).unwrap_err();
    assert_eq!(broken.promise, Promise::Order);
}

/// A tab that had not heard that the home was elsewhere asked for what to send there; the home came back, with all records
/// still to send to it; the tab asked where they go, and sent there what it had, without those before.
const MOVED_BACK_BETWEEN_TWO_QUESTIONS: &str = "
    +0 three.0 mirror copy beside\n+0 three.0 home copy\n+0 three.0 save fine\n+0 three.0 go 235 0 well
    +0 three.0 save fine\n+0 three.0 go 37 0 well\n+0 three.0 go 67 0 well\n+0 three.1 half 30";

/// Found by seed 101,049: nothing was wrong but the simulator, which took this for a broken order.
#[test]
fn what_a_home_refused_has_lost_its_place_at_the_next() {
    let schedule: Schedule = REFUSED_BY_ONE_HOME_AND_LATE_AT_THE_OTHER.parse().unwrap();
    assert_eq!(run(&schedule, None).err(), None);
}

/// A request to one home was given up, and another home refused what was first in it. Back at the one, only the second was
/// sent; and then the request arrived after all.
const REFUSED_BY_ONE_HOME_AND_LATE_AT_THE_OTHER: &str = "
    +0 two.1 home own\n+0 two.0 mirror hook beside\n+0 two.1 home copy\n+0 two.0 save odd
    +0 two.1 go 0 0 busy\n+0 two.1 go 0 0 well\n+0 two.0 save fine\n+0 two.1 home own
    +0 two.1 go 0 0 well\n+0 two.0 home own\n+0 two.1 go 0 0 well\n+0 two.1 home copy
    +0 two.1 go 70 0 well\n+0 two.1 go 67 0 well\n+0 two.1 go 0 0 well\n+0 two.1 go 0 0 well
    +0 two.1 go 181 0 well\n+0 two.0 home own\n+0 two.1 go 0 0 well\n+0 two.1 go 137 0 well
    +0 two.1 go 251 0 well\n+0 two.0 deliver 0";

/// Two records, an urgent one and one that is refused, from tap to receipt, with a feed that is read: everything that
/// can be interrupted is on the way.
fn journey() -> Schedule {
    let text = "
        +0 one.0 save fine\n+0 one.0 save fine\n+0 one.0 go 0 9 well\n+0 one.0 save urgent\n+0 one.0 go 0 9 well
        +0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 save refused\n+0 one.0 go 0 9 well
        +0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 wake tap\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well
        +0 base.0 wake tap\n+0 base.0 go 0 9 well\n+0 base.0 go 0 9 well\n+0 base.0 go 0 9 well
        +0 base.0 confirm 0\n+0 base.0 go 0 9 well\n+0 base.0 go 0 9 well\n+0 base.0 go 0 9 well
        +0 one.0 wake tap\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well";
    text.parse().unwrap()
}

/// One record from tap to three places, one of which must have it; then the mirrors change.
fn journey_to_mirrors() -> Schedule {
    let text = "
        +0 one.0 mirror copy must\n+0 one.0 mirror hook beside\n+0 one.0 save fine\n+0 one.0 save odd
        +0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well
        +0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well
        +0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well\n+0 one.0 go 0 9 well
        +0 one.1 go 0 9 well\n+0 one.0 mirror copy off\n+0 one.0 go 0 9 well\n+0 one.1 go 0 9 well";
    text.parse().unwrap()
}

/// Everything that can go wrong at one moment.
fn interruptions() -> Vec<Act> {
    let go = |network| Act::Go { pick: 0, network, jitter: 9 };
    let networks = NETWORKS.iter().map(|(_, network)| go(*network));
    let cuts = [0, 1, 100, 200, 255].into_iter().map(|at| go(Network::Cut(at)));
    let disks = DISK_FAULTS.iter().map(|(_, fault)| Act::Disk(*fault));
    let clocks = CLOCKS.iter().map(|(_, clock)| Act::Clock(*clock));
    let rest = [
        Act::Kill,
        Act::SignOut,
        Act::Offline,
        Act::Restore(0),
        Act::Wipe,
        Act::Tick,
        Act::Deliver(0),
        Act::Save(Note::Urgent),
        Act::Save(Note::Choking),
        Act::Save(Note::Strange),
        Act::Mirror(Place::Copy, Kept::Must),
        Act::Mirror(Place::Hook, Kept::Off),
        Act::Home(Place::Copy),
        Act::Fails(Place::Copy, Condition::Lies),
        Act::Fails(Place::Hook, Condition::SignedOut),
        Act::WipeCopy,
    ];
    networks.chain(cuts).chain(disks).chain(clocks).chain(rest).collect()
}

/// Killed, cut off, full, restored and all the rest at every step, alone and followed by another; of the pairs a part,
/// as there are very many.
#[test]
fn every_fault_at_every_step() {
    println!("{} runs", interrupted(&journey(), &["one", "base"], 16));
    println!("{} runs", interrupted(&journey_to_mirrors(), &["one"], 32));
}

/// Runs this journey with every fault at every step of each of these phones, and one in so many pairs of faults.
fn interrupted(journey: &Schedule, phones: &[&str], part: usize) -> usize {
    let faults = interruptions();
    let mut runs = 0;
    for (at, phone) in (0..=journey.0.len()).flat_map(|at| phones.iter().map(move |phone| (at, phone))) {
        let phone = PHONES.iter().position(|name| name == phone).unwrap();
        let step = |act: &Act| Step { after_ms: 0, phone, tab: 0, act: *act };
        for (first, fault) in faults.iter().enumerate() {
            let mut alone = journey.clone();
            alone.0.insert(at, step(fault));
            let after = (at + 2).min(alone.0.len());
            let pairs = faults.iter().enumerate().filter(|(second, _)| (at + first + second) % part == 0);
            let pairs = pairs.map(|(_, other)| {
                let mut pair = alone.clone();
                pair.0.insert(after, step(other));
                pair
            });
            for schedule in [alone.clone()].into_iter().chain(pairs) {
                runs += 1;
                if let Err(broken) = run(&schedule, None) {
                    let (small, found) = smallest(&schedule, broken, None);
                    panic!("{found}\n{small}");
                }
            }
        }
    }
    runs
}
