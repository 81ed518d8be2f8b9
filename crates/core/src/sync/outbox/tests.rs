use super::*;
use crate::sync::{Epoch, Outcome, Receipt};
use crate::testing::build;

const NOW: Stamp = Stamp(1_000_000);
const MAX: u32 = u32::MAX;

fn entries(range: std::ops::RangeInclusive<u64>) -> Vec<Entry> {
    range.map(|n| Entry::of(&build::checkin(n), false, 600)).collect()
}

fn wake(why: Wake) -> Input {
    Input::Wake { why, now: NOW }
}

/// A state that has just sent `entries`.
fn sending(entries: Vec<Entry>) -> State {
    sending_from(State::default(), entries)
}

fn sending_from(state: State, entries: Vec<Entry>) -> State {
    let (state, _) = step(state, wake(Wake::Tap));
    let (state, commands) = step(state, Input::Loaded { entries, now: NOW });
    assert!(matches!(commands.as_slice(), [Command::Send { .. }]), "{commands:?}");
    state
}

fn answer(state: State, answer: Answer) -> (State, Vec<Command>) {
    let flight = state.flight;
    step(state, Input::Answered { flight, answer, now: NOW, took_ms: 100, jitter: MAX })
}

fn receipts(entries: &[Entry], outcome: &Outcome) -> Receipts {
    let line = |entry: &Entry| {
        Receipt::new(
            "/orgs/acme/devices/d1",
            &entry.id.to_string(),
            &entry.digest.to_string(),
            outcome,
            Some(1),
        )
    };
    Receipts { epoch: Epoch("e1".into()), received: NOW, receipts: entries.iter().map(line).collect() }
}

fn loaded_limit(commands: &[Command]) -> usize {
    commands
        .iter()
        .find_map(|command| match command {
            Command::Load { limit, .. } => Some(limit.records),
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_batch_goes_out_is_settled_and_the_next_is_asked_for() {
    let state = sending(entries(1..=3));
    let (state, commands) = answer(state, Answer::Receipts(receipts(&entries(1..=3), &Outcome::Accepted)));
    let [Command::Settle(settlement)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(settlement.stored.len(), 3);
    let (state, commands) = step(state, Input::Settled { now: NOW });
    assert_eq!(loaded_limit(&commands), 100, "it grows");
    let (state, commands) = step(state, Input::Loaded { entries: vec![], now: NOW });
    assert_eq!(commands, [Command::Release]);
    assert_eq!(state.mode(), &Mode::Idle);
}

#[test]
fn nothing_but_a_matching_receipt_settles() {
    for no_receipt in [
        Answer::Receipts(receipts(&entries(7..=9), &Outcome::Accepted)),
        Answer::Receipts(receipts(&entries(1..=3), &Outcome::Retry)),
        Answer::Receipts(receipts(&[], &Outcome::Accepted)),
        Answer::NotTheBackend,
        Answer::Unreachable,
        Answer::TimedOut,
        Answer::Backend(500),
        Answer::SignIn,
        Answer::Busy(None),
        Answer::TooLarge(None),
        Answer::Aborted,
    ] {
        let (_, commands) = answer(sending(entries(1..=3)), no_receipt.clone());
        assert!(!commands.iter().any(|command| matches!(command, Command::Settle(_))), "{no_receipt:?}");
    }
}

#[test]
fn too_few_receipts_settle_only_what_they_name() {
    let (state, commands) =
        answer(sending(entries(1..=3)), Answer::Receipts(receipts(&entries(1..=2), &Outcome::Accepted)));
    let [Command::Settle(settlement)] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(settlement.stored.len(), 2);
    let (state, commands) = step(state, Input::Settled { now: NOW });
    let Some(Command::Load { passing_over, .. }) = commands.last() else { panic!("{commands:?}") };
    assert!(passing_over.contains(&entries(3..=3)[0].id), "the third waits and does not block");
    let (state, commands) = step(state, Input::Loaded { entries: vec![], now: NOW });
    assert_eq!(commands[1], Command::WakeAt(NOW.plus_ms(2_000)));
    let (_, commands) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
}

#[test]
fn an_entry_that_another_tab_sent_is_forgotten() {
    let (state, _) = answer(sending(entries(1..=1)), Answer::Receipts(receipts(&[], &Outcome::Accepted)));
    let later = NOW.plus_ms(900_000);
    let (mut state, mut commands) = step(state, Input::Tick { now: later });
    for _ in 0..4 {
        assert!(matches!(commands.last(), Some(Command::Load { .. })), "{commands:?}");
        (state, commands) = step(state, Input::Loaded { entries: vec![], now: later });
        if commands == [Command::Release] {
            return;
        }
    }
    panic!("it never came to rest");
}

#[test]
fn one_bad_record_among_many_is_found_and_refused() {
    let bad = entries(37..=37)[0].id;
    let mut queue = entries(1..=50);
    let mut refused = vec![];
    let (mut state, mut commands) = step(State::default(), wake(Wake::Tap));
    for _ in 0..60 {
        let Some(Command::Load { limit, passing_over }) = commands.last().cloned() else {
            break;
        };
        let head: Vec<_> = queue
            .iter()
            .filter(|entry| !passing_over.contains(&entry.id))
            .take(limit.records)
            .cloned()
            .collect();
        (state, commands) = step(state, Input::Loaded { entries: head.clone(), now: NOW });
        let Some(Command::Send { ids, .. }) = commands.first().cloned() else {
            break;
        };
        let reply = if ids.contains(&bad) {
            Answer::BadBatch(Refusal::new("invalid_record", "the server's words".into()))
        } else {
            Answer::Receipts(receipts(&head, &Outcome::Accepted))
        };
        (state, commands) = answer(state, reply);
        if let [Command::Settle(settlement)] = commands.as_slice() {
            let gone = |id: EventId| settlement.stored.iter().any(|(entry, _)| entry.id == id);
            refused.extend(settlement.refused.iter().map(|(entry, why)| (entry.id, why.detail.clone())));
            queue.retain(|entry| !gone(entry.id) && !refused.iter().any(|(id, _)| *id == entry.id));
            (state, commands) = step(state, Input::Settled { now: NOW });
        }
    }
    assert_eq!(refused, [(bad, "the server's words".to_owned())]);
    assert!(queue.is_empty(), "{} left", queue.len());
}

#[test]
fn sign_in_pauses_until_signed_in() {
    let (state, commands) = answer(sending(entries(1..=3)), Answer::SignIn);
    assert_eq!((state.mode(), commands.as_slice()), (&Mode::Paused, [Command::Release].as_slice()));
    let (state, commands) = step(state, wake(Wake::Saved { urgent: false }));
    assert_eq!(commands, []);
    let (state, commands) = step(state, Input::Tick { now: NOW.plus_ms(9_999_999) });
    assert_eq!(commands, []);
    let (_, commands) = step(state, wake(Wake::SignedIn));
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
}

#[test]
fn a_late_refusal_of_the_old_credential_does_not_pause_again() {
    let (state, _) = answer(sending(entries(1..=3)), Answer::SignIn);
    let (state, _) = step(state, wake(Wake::Visible));
    let (state, _) = step(state, Input::Loaded { entries: entries(1..=3), now: NOW });
    let (state, _) = step(state, wake(Wake::SignedIn));
    let (state, commands) = answer(state, Answer::SignIn);
    assert!(matches!(commands.as_slice(), [Command::Release, Command::Load { .. }]), "{commands:?}");
    assert_ne!(state.mode(), &Mode::Paused);
}

#[test]
fn a_clock_that_is_put_back_does_not_lengthen_the_wait() {
    let (state, _) = answer(sending(entries(1..=1)), Answer::Busy(Some(60_000)));
    let a_year_ago = NOW.plus_ms(-31_536_000_000);
    let (_, commands) = step(state.clone(), Input::Tick { now: a_year_ago });
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]), "{commands:?}");
    let (_, commands) = step(state, Input::Wake { why: Wake::Visible, now: a_year_ago });
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]), "{commands:?}");
}

#[test]
fn another_tabs_success_ends_this_tabs_trouble() {
    let (state, _) = answer(sending(entries(1..=1)), Answer::Unreachable);
    let (state, _) = step(state, wake(Wake::Tap));
    let (state, _) = step(state, Input::Loaded { entries: vec![], now: NOW });
    assert_eq!(state.trouble(), None);
}

#[test]
fn an_emergency_takes_back_a_batch_on_its_way_and_goes_alone() {
    let state = sending(entries(1..=50));
    let (state, commands) = step(state, wake(Wake::Saved { urgent: true }));
    assert_eq!(commands, [Command::Abort { flight: state.flight }]);
    let (state, commands) = answer(state, Answer::Aborted);
    assert!(matches!(commands.as_slice(), [Command::Release, Command::Load { .. }]));
    let mut head = entries(1..=4);
    head[0].urgent = true;
    let (_, commands) = step(state, Input::Loaded { entries: head.clone(), now: NOW });
    let [Command::Send { ids, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert_eq!(ids.as_slice(), [head[0].id]);
}

#[test]
fn too_large_and_too_slow_make_smaller_batches() {
    let (_, commands) = answer(sending(entries(1..=50)), Answer::TooLarge(None));
    assert_eq!(loaded_limit(&commands), 25);
    let (state, _) = answer(sending(entries(1..=50)), Answer::TimedOut);
    let (_, commands) = step(state, wake(Wake::Tap));
    assert_eq!(loaded_limit(&commands), 25);
}

#[test]
fn retry_after_is_honoured_but_by_a_tap_or_an_emergency() {
    let (state, commands) = answer(sending(entries(1..=1)), Answer::Busy(Some(60_000)));
    assert_eq!(commands[1], Command::WakeAt(NOW.plus_ms(60_000)));
    for (why, tries) in [
        (Wake::Visible, false),
        (Wake::Online, false),
        (Wake::Saved { urgent: false }, false),
        (Wake::Saved { urgent: true }, true),
        (Wake::Tap, true),
    ] {
        let (_, commands) = step(state.clone(), wake(why));
        assert_eq!(!commands.is_empty(), tries, "{why:?}");
    }
}

#[test]
fn waits_grow_and_end_at_once_when_the_network_returns() {
    let (state, commands) = answer(sending(entries(1..=1)), Answer::Unreachable);
    assert_eq!(commands, [Command::Release, Command::WakeAt(NOW.plus_ms(2_000))]);
    let (state, _) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
    let (state, _) = step(state, Input::Loaded { entries: entries(1..=1), now: NOW });
    let (state, commands) = answer(state, Answer::Unreachable);
    assert_eq!(commands, [Command::Release, Command::WakeAt(NOW.plus_ms(4_000))]);
    let (_, commands) = step(state, wake(Wake::Online));
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
}

#[test]
fn while_offline_only_the_network_or_a_tap_wakes_it() {
    let (state, _) = step(State::default(), Input::Offline);
    let (state, commands) = step(state, wake(Wake::Saved { urgent: true }));
    assert_eq!(commands, []);
    let (_, commands) = step(state, wake(Wake::Online));
    assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
}

#[test]
fn a_late_answer_of_another_flight_means_nothing() {
    let state = sending(entries(1..=1));
    let late = Input::Answered {
        flight: FlightId(0),
        answer: Answer::Receipts(receipts(&entries(1..=1), &Outcome::Accepted)),
        now: NOW,
        took_ms: 1,
        jitter: 0,
    };
    assert_eq!(step(state.clone(), late), (state, vec![]));
}

#[test]
fn a_record_the_backend_chokes_on_does_not_block_the_others() {
    let (state, _) = answer(sending(entries(1..=1)), Answer::Backend(500));
    let (_, commands) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
    let [Command::Load { passing_over, .. }] = commands.as_slice() else { panic!("{commands:?}") };
    assert!(passing_over.contains(&entries(1..=1)[0].id));
}
