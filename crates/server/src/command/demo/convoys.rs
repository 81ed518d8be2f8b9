//! The convoys of the demo: one on time, one late, one overdue, one at home.

use waymark_core::event::{
    AreaLevel, Body, CheckinKind, CheckinMade, Detail, Ending, EventId, Means, MovementClosed,
    MovementPlanned, OverdueStep, Pace, Party, Passage, Plan, Position, Stamp, Tried, TryResult, Vehicle,
    WatchRules,
};

use super::day::{Day, Said, heard};
use super::people::{
    ABAKAR, ADOUM, AMINA, BRAHIM, FATIME, HAWA, IDRISS, KHADIDJA, MAHAMAT, Member, OUMAR, SALEH, SEAT, Staff,
    ZENABA,
};
use crate::route::{Route, Stretch};

/// What convoys make of laterite roads, stops included.
const KM_H: f64 = 40.0;

/// A convoy while its day is written.
struct Convoy<'a> {
    day: &'a mut Day,
    amina: &'a Member,
    leader: &'a Member,
    stretch: Stretch,
    movement: EventId,
    headcount: u32,
}

/// Everything that was written up to `now`; `None` if the road has not the towns.
pub fn day(road: &Route, staff: &Staff, now: Stamp) -> Option<Day> {
    let mut day = Day::new(now);
    on_time(&mut day, staff, road.between("Oum Hadjer", "Adré")?)?;
    late(&mut day, staff, road.between("Mongo", "Abéché")?)?;
    overdue(&mut day, staff, road.between("Massaguet", "Bitkine")?)?;
    at_home(&mut day, staff, road.between("N'Djamena", "Massaguet")?)?;
    let position = Position::Landmark { name: "Guest house, Abéché".into() };
    let alone = CheckinMade {
        note: Some("Back from the market.".into()),
        ..heard(CheckinKind::Scheduled, None, position)
    };
    day.write(staff.get(FATIME)?, 7, Body::CheckinMade(alone));
    Some(day)
}

/// Mike 2: heard 20 minutes ago, between Abéché and Adré; not confirmed yet.
fn on_time(day: &mut Day, staff: &Staff, stretch: Stretch) -> Option<()> {
    let vehicles = vec![vehicle(staff, "Mike 2", &[IDRISS, ABAKAR, SEAT]), vehicle(staff, "Mike 3", &[HAWA])];
    let mut plan = plan("Mike 2 to Adré", vehicles, &stretch, day.ago(325));
    plan.purpose = Some("Medicines for the hospital at Adré.".into());
    let mut convoy = Convoy::plan(day, staff, stretch, plan, 365)?;
    convoy.leaves(320);
    let checkpoint = CheckinMade {
        detail: Detail { who: Some("gendarmerie".into()), passage: Some(Passage::Free), ..Detail::default() },
        ..convoy.heard(CheckinKind::Checkpoint, convoy.gps(262, 39.0))
    };
    convoy.says(262, Some(5), checkpoint);
    convoy.says(203, Some(2), convoy.heard(CheckinKind::Scheduled, convoy.gps(203, 78.0)));
    convoy.says(144, Some(7), convoy.heard(CheckinKind::Scheduled, convoy.gps(144, 117.0)));
    convoy.says(102, Some(4), convoy.heard(CheckinKind::Scheduled, convoy.gps(102, 145.0)));
    convoy.says(76, Some(3), convoy.heard(CheckinKind::Waypoint, named("Abéché")));
    convoy.says(20, None, convoy.heard(CheckinKind::Scheduled, convoy.gps(20, 164.0 + 37.0)));
    Some(())
}

/// Tango 1: due four minutes ago, by the odometer; it is to spend the night at Oum Hadjer.
fn late(day: &mut Day, staff: &Staff, stretch: Stretch) -> Option<()> {
    let vehicles = vec![vehicle(staff, "Tango 1", &[OUMAR, BRAHIM])];
    let mut plan = plan("Tango 1 to Abéché", vehicles, &stretch, day.ago(190));
    plan.leader = Some(staff.person(BRAHIM));
    // They reach Oum Hadjer about three hours from now and go on eleven hours later.
    let night = plan.legs.get_mut(1)?;
    night.overnight_until = Some(day.ago(-(190 + 11 * 60)));
    night.medical = Some("District hospital, Oum Hadjer".into());
    let mut convoy = Convoy::plan(day, staff, stretch, plan, 240)?;
    convoy.leaves(184);
    convoy.says(124, Some(9), convoy.heard(CheckinKind::Scheduled, Position::Odometer { km: 38.0 }));
    convoy.says(64, Some(4), convoy.heard(CheckinKind::Scheduled, Position::Odometer { km: 79.0 }));
    Some(())
}

/// Kilo 4: halted at Bokoro, to be heard twelve minutes ago; Amina has called once.
fn overdue(day: &mut Day, staff: &Staff, stretch: Stretch) -> Option<()> {
    let vehicles = vec![vehicle(staff, "Kilo 4", &[SALEH, MAHAMAT]), vehicle(staff, "Kilo 5", &[KHADIDJA])];
    let mut plan = plan("Kilo 4 to Bitkine", vehicles, &stretch, day.ago(380));
    plan.leader = Some(staff.person(MAHAMAT));
    plan.legs.first_mut()?.to.code_name = Some("Lima".into());
    let mut convoy = Convoy::plan(day, staff, stretch, plan, 420)?;
    convoy.leaves(375);
    for (ago, km) in [(316, 39.0), (257, 79.0), (198, 118.0), (139, 158.0), (98, 185.0)] {
        let scheduled = convoy.heard(CheckinKind::Scheduled, convoy.gps(ago, km));
        convoy.says(ago, Some(6), scheduled);
    }
    let halted = CheckinMade {
        detail: Detail { reason: Some("Changing a tyre of Kilo 5".into()), ..Detail::default() },
        next_in: Some(45),
        ..convoy.heard(CheckinKind::Halted, Position::CodeName { name: "Lima".into() })
    };
    let last = convoy.says(57, Some(5), halted);
    let tried = Tried {
        stage: 2,
        to: Party::Traveller,
        means: "HF, channel 3".into(),
        result: TryResult::NoAnswer,
        note: Some("Called three times; next by satellite telephone.".into()),
        automatic: false,
    };
    let (movement, due) = (convoy.movement, last.at.plus_ms(45 * 60_000));
    let step = OverdueStep { movement, due, vehicles: vec![], tried };
    let amina = convoy.amina;
    convoy.day.write(amina, 1, Body::OverdueStep(step));
    Some(())
}

/// Papa 3: arrived and closed.
fn at_home(day: &mut Day, staff: &Staff, stretch: Stretch) -> Option<()> {
    let vehicles = vec![vehicle(staff, "Papa 3", &[ADOUM, ZENABA])];
    let mut plan = plan("Papa 3 to Massaguet", vehicles, &stretch, day.ago(300));
    plan.leader = Some(staff.person(ZENABA));
    let mut convoy = Convoy::plan(day, staff, stretch, plan, 330)?;
    convoy.leaves(298);
    convoy.says(239, Some(3), convoy.heard(CheckinKind::Scheduled, convoy.gps(239, 40.0)));
    convoy.says(190, Some(6), convoy.heard(CheckinKind::Arrived, named("Massaguet")));
    let closed = MovementClosed {
        movement: convoy.movement,
        ending: Ending::Completed,
        accounted: Some(convoy.headcount),
        contact: None,
        note: None,
    };
    let leader = convoy.leader;
    convoy.day.write(leader, 176, Body::MovementClosed(closed));
    Some(())
}

impl<'a> Convoy<'a> {
    /// Amina plans it, `ago` minutes ago; the leader is the one the plan names.
    fn plan(day: &'a mut Day, staff: &'a Staff, stretch: Stretch, plan: Plan, ago: i64) -> Option<Self> {
        let amina = staff.get(AMINA)?;
        let leader = staff.get(&plan.leader.as_ref()?.name)?;
        let headcount = plan.headcount;
        let planned = day.write(amina, ago, Body::MovementPlanned(Box::new(MovementPlanned { plan })));
        Some(Self { day, amina, leader, stretch, movement: planned.id, headcount })
    }

    /// With everyone aboard.
    fn leaves(&mut self, ago: i64) -> Said {
        let departed = CheckinMade {
            headcount: Some(self.headcount),
            ..self.heard(CheckinKind::Departed, self.gps(ago, 0.0))
        };
        self.says(ago, Some(3), departed)
    }

    /// The leader checks in; Amina confirms that many minutes later, if at all.
    fn says(&mut self, ago: i64, confirmed_after: Option<i64>, made: CheckinMade) -> Said {
        let said = self.day.write(self.leader, ago, Body::CheckinMade(made));
        if let Some(after) = confirmed_after {
            self.day.confirm(self.amina, ago - after, said);
        }
        said
    }

    fn heard(&self, kind: CheckinKind, position: Position) -> CheckinMade {
        heard(kind, Some(self.movement), position)
    }

    fn gps(&self, ago: i64, km: f64) -> Position {
        self.stretch.fix(km, (0.0, 0.0), 14.0, self.day.ago(ago))
    }
}

fn named(name: &str) -> Position {
    Position::Waypoint { name: name.to_owned() }
}

/// The first person drives, the second navigates.
fn vehicle(staff: &Staff, call_sign: &str, people: &[&str]) -> Vehicle {
    let people = people.iter().map(|name| staff.person(name)).collect();
    Vehicle { call_sign: call_sign.to_owned(), plate: None, people }
}

/// A plan with what all of them have in common; led by whoever is named first.
fn plan(name: &str, vehicles: Vec<Vehicle>, stretch: &Stretch, depart: Stamp) -> Plan {
    let means = |pace, text: &str| Means { pace, text: text.to_owned() };
    let headcount = vehicles.iter().map(|vehicle| vehicle.people.len()).sum::<usize>();
    Plan {
        name: name.to_owned(),
        purpose: None,
        clearance: None,
        notification: None,
        area_level: AreaLevel::Moderate,
        leader: vehicles.first().and_then(|vehicle| vehicle.people.first()).cloned(),
        headcount: u32::try_from(headcount).unwrap_or(u32::MAX),
        vehicles,
        on_foot: vec![],
        depart,
        from: stretch.from(),
        legs: stretch.legs(KM_H),
        turnaround: None,
        no_go: vec![],
        means: vec![
            means(Pace::Primary, "HF, channel 3"),
            means(Pace::Alternate, "VHF, channel 16, near towns"),
            means(Pace::Contingency, "Satellite telephone of the first vehicle"),
        ],
        contacts: vec![format!("{AMINA}, Abéché radio room")],
        actions_on: vec![],
        watch: WatchRules::of_level(&AreaLevel::Moderate),
    }
}
