//! What holds of any story, in any order of arrival.

use super::*;

/// Whatever the order in which records arrive, and however often, everyone comes to one verdict.
#[test]
fn the_order_of_arrival_does_not_matter() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let story = any_story(&mut random);
        let movement = story.movement();
        let mut shuffled = story.reports.clone();
        for _ in 0..3 {
            for index in (1..shuffled.len()).rev() {
                shuffled.swap(index, random.below(index + 1));
            }
            shuffled.push(shuffled[0].clone());
            assert_eq!(Movement::fold(story.id, &shuffled), Some(movement.clone()), "seed {seed}");
        }
    }
}

/// As time goes by, a verdict only gets worse; and it says itself when.
#[test]
fn nothing_becomes_less_late_by_waiting() {
    for seed in 0..200 {
        let mut random = Random(seed);
        let movement = any_story(&mut random).movement();
        let mut last: Option<Verdict> = None;
        for minute in -100..1_500 {
            let now = verdict(&movement, at(minute));
            if let Some(last) = &last {
                assert!(now.stage >= last.stage, "seed {seed}, minute {minute}: {last:?} then {now:?}");
                assert_eq!(now.expected.len(), last.expected.len(), "seed {seed}");
                for now in &now.expected {
                    let last = last.expected.iter().find(|last| last.due == now.due).unwrap();
                    let next = last.next.map(|next| next.at);
                    assert!(now.stage >= last.stage, "seed {seed}, minute {minute}: {last:?} then {now:?}");
                    if now.stage > last.stage {
                        let announced = next.is_some_and(|next| next <= at(minute));
                        assert!(announced, "seed {seed}, minute {minute}");
                    } else if let Some(next) = next {
                        assert!(next > at(minute - 1), "seed {seed}: a step in the past");
                    }
                }
            }
            last = Some(now);
        }
    }
}

/// Only who is heard, a new plan, a closing or somebody who answers for the silence ends it.
#[test]
fn nothing_but_what_explains_it_ends_an_overdue() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut story = any_story(&mut random);
        let now = random.below(1_000) as i64;
        let before = verdict(&story.movement(), at(now));
        let Some(first) = before.overdue().next() else { continue };
        let due = first.due.at.ms_since(MORNING) / 60_000;
        match random.below(3) {
            0 => story.acknowledged("amina", now, due),
            1 => story.step("base", now, due, random.once_in(2)),
            _ => {
                let raised = OverdueRaised { movement: story.id, due: at(due), vehicles: vec![] };
                story.tell("waymark", now, now, Body::OverdueRaised(raised));
            }
        }
        assert!(verdict(&story.movement(), at(now)).stage.is_overdue(), "seed {seed}");
    }
}

fn any_vehicles(random: &mut Random) -> Vec<String> {
    if random.once_in(2) { vec![] } else { vec![["Mike 2", "Mike 3"][random.below(2)].to_owned()] }
}

/// Plans, check-ins and acts of people in and out of the convoy, in any order.
fn any_story(random: &mut Random) -> Story {
    let mut plan = build::plan();
    plan.watch.grace = random.below(20) as u32;
    plan.watch.step = random.below(8) as u32;
    plan.watch.hold = random.below(40) as u32;
    let mut story = Story::of(plan);
    for _ in 0..random.below(20) {
        let minute = random.below(600) as i64 - 60;
        let received = minute + random.below(90) as i64;
        let author = ["idriss", "hawa", "amina", "moussa", "base"][random.below(5)];
        let due = at(random.below(10) as i64 * 60);
        let movement = story.id;
        let body = match random.below(9) {
            8 => build::closed(movement),
            0 => Body::OverdueAcknowledged(OverdueAcknowledged {
                movement,
                due,
                vehicles: any_vehicles(random),
            }),
            1 => Body::OverdueRaised(OverdueRaised { movement, due, vehicles: any_vehicles(random) }),
            2 => Body::OverdueResolved(OverdueResolved {
                movement,
                due,
                vehicles: any_vehicles(random),
                how: crate::event::ResolvedHow::Contact,
                record: None,
                note: None,
                automatic: random.once_in(3),
            }),
            3 => Body::MovementRevised(Box::new(MovementRevised {
                movement,
                replaces: story.reports[random.below(story.reports.len())].id,
                plan: build::plan(),
            })),
            _ => {
                let kind = CheckinKind::ALL[random.below(12)].clone();
                let people = PeopleState::ALL[random.below(4)].clone();
                let mut made = build::heard(movement, kind, people);
                made.next_in = (random.below(4) == 0).then(|| random.below(300) as u32);
                made.roll.separated = if random.below(4) == 0 { vec!["Mike 3".to_owned()] } else { vec![] };
                Body::CheckinMade(made)
            }
        };
        story.tell(author, minute, received, body);
    }
    story
}
