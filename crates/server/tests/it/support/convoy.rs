use waymark_core::event::{
    AreaLevel, Body, CheckinDraft, CheckinMade, EventId, Leg, MovementPlanned, MovementRevised,
    OverdueAcknowledged, OverdueRaised, PeopleState, Person, Place, Plan, Stamp, Vehicle, WatchRules,
};

fn place(name: &str) -> Place {
    Place { name: name.into(), code_name: None, at: None }
}

/// Two vehicles from Abéché to Farchana with these people, who are known in Waymark.
pub fn plan(depart: Stamp, crew: &[&str]) -> Plan {
    let people = crew.iter().map(|user| Person { name: format!("P {user}"), user: Some((*user).into()) });
    let vehicle = |call_sign: &str, people| Vehicle { call_sign: call_sign.into(), plate: None, people };
    Plan {
        name: "East".into(),
        purpose: None,
        clearance: None,
        notification: None,
        area_level: AreaLevel::Moderate,
        leader: None,
        vehicles: vec![vehicle("Lima 1", people.collect()), vehicle("Lima 2", vec![])],
        on_foot: vec![],
        headcount: u32::try_from(crew.len()).unwrap(),
        depart,
        from: place("Abéché"),
        legs: vec![Leg {
            to: place("Farchana"),
            road: None,
            km: Some(90.0),
            minutes: Some(150),
            medical: None,
            overnight_until: None,
        }],
        turnaround: None,
        no_go: vec![],
        means: vec![],
        contacts: vec![],
        actions_on: vec![],
        watch: WatchRules { interval: 60, grace: 10, prompt: 2, step: 5, hold: 30 },
    }
}

pub fn planned(plan: Plan) -> Body {
    Body::MovementPlanned(Box::new(MovementPlanned { plan }))
}

pub fn revised(movement: EventId, replaces: EventId, plan: Plan) -> Body {
    Body::MovementRevised(Box::new(MovementRevised { movement, replaces, plan }))
}

/// All safe, of the whole convoy.
pub fn heard(movement: EventId) -> CheckinMade {
    let draft = CheckinDraft { movement: Some(movement), ..CheckinDraft::one_tap(PeopleState::Safe, None) };
    draft.parse(None, Stamp(0)).unwrap()
}

pub fn raised(movement: EventId, due: Stamp) -> Body {
    Body::OverdueRaised(OverdueRaised { movement, due, vehicles: vec![] })
}

pub fn acknowledged(movement: EventId, due: Stamp) -> Body {
    Body::OverdueAcknowledged(OverdueAcknowledged { movement, due, vehicles: vec![] })
}
