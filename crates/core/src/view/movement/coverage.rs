//! Of which vehicles a check-in is a sign of life.

use super::{Contact, LogEntry, Report, Travellers};
use crate::event::{Plan, Stamp};

/// Marks in each check-in, oldest first, the vehicles it does not speak for; gives those out of sight by now. A vehicle
/// that was reported out of sight stays so until it is named again, or somebody aboard is heard; also if the plan has
/// forgotten it since.
pub(super) fn mark(contacts: &mut [Contact], plan: &Plan, reports: &[&Report]) -> Vec<String> {
    let mut calls: Vec<&String> = plan.vehicles.iter().map(|vehicle| &vehicle.call_sign).collect();
    for vehicle in reports.iter().filter_map(|report| report.body.plan()).flat_map(|plan| &plan.vehicles) {
        if !calls.contains(&&vehicle.call_sign) {
            calls.push(&vehicle.call_sign);
        }
    }
    let mut away: Vec<String> = vec![];
    for contact in contacts {
        let roll = &contact.made.roll;
        let own =
            own_vehicle(contact, plan).filter(|own| away.contains(own) && !roll.separated.contains(own));
        let heard = |call: &String| match &own {
            _ if roll.separated.contains(call) => false,
            _ if !roll.vehicles.is_empty() => roll.vehicles.contains(call),
            Some(own) => call == own,
            None => !away.contains(call),
        };
        contact.not_heard = calls.iter().copied().filter(|call| !heard(call)).cloned().collect();
        let not_heard = &contact.not_heard;
        away.retain(|call| not_heard.contains(call));
        for call in &roll.separated {
            if !away.contains(call) {
                away.push(call.clone());
            }
        }
    }
    away.retain(|call| calls.contains(&call));
    away
}

/// Without those that are in the plan no more and for which somebody who stays behind has answered.
pub(super) fn still_missed(
    mut away: Vec<String>,
    plan: &Plan,
    log: &[LogEntry],
    travellers: &Travellers,
) -> Vec<String> {
    let planned = |call: &str| plan.vehicles.iter().any(|vehicle| vehicle.call_sign == call);
    let answered = |call: &str| {
        log.iter().any(|entry| {
            entry.entry.settles_by_hand()
                && entry.vehicles.iter().any(|vehicle| vehicle == call)
                && !travellers.travelled_at(&entry.by.user, entry.by.at)
        })
    };
    away.retain(|call| planned(call) || !answered(call));
    away
}

/// The vehicle that whoever made the check-in sits in, as far as the plan says.
fn own_vehicle(contact: &Contact, plan: &Plan) -> Option<String> {
    if contact.made.relayed.is_some() {
        return None;
    }
    let aboard = plan
        .vehicles
        .iter()
        .find(|vehicle| vehicle.people.iter().any(|person| person.user.as_ref() == Some(&contact.by.user)));
    aboard.map(|vehicle| vehicle.call_sign.clone())
}

/// Vehicles of the plan that the oldest one does not name, and when they were first named.
pub(super) fn joined(plan: &Plan, reports: &[&Report]) -> Vec<(String, Stamp)> {
    let names = |report: &Report, call: &String| {
        report.body.plan().is_some_and(|plan| plan.vehicles.iter().any(|vehicle| vehicle.call_sign == *call))
    };
    let mut all = vec![];
    for vehicle in &plan.vehicles {
        let mut plans = reports.iter().filter(|report| report.body.plan().is_some());
        let first = plans.next().is_some_and(|report| names(report, &vehicle.call_sign));
        if let Some(report) = plans.find(|report| names(report, &vehicle.call_sign)).filter(|_| !first) {
            all.push((vehicle.call_sign.clone(), report.by.at));
        }
    }
    all
}
