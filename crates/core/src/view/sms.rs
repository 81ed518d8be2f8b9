use super::{Movement, RecordView};
use crate::event::{Body, Position};

/// An emergency as a text message, for when there is a telephone network and no data: plain Latin letters, short enough
/// for one message, and no name of a place or a person. `movement` is the one it was raised in.
///
/// `SOS 03:35Z Mike 2 3p GPS 13.829,20.832 #0a1b2c`: time in UTC, call sign of the first vehicle, people, position, and
/// the end of the record's id, by which it is found when it comes in.
pub fn sms(view: &RecordView, movement: Option<&Movement>) -> String {
    let clock = view.happened.to_string();
    let mut parts = vec![if view.exercise { "EXERCISE".to_owned() } else { "SOS".to_owned() }];
    parts.extend(clock.get(11..16).map(|clock| format!("{clock}Z")));
    if let Some(plan) = movement.map(|movement| &movement.plan.plan) {
        let calls = plan.vehicles.first().map(|vehicle| vehicle.call_sign.clone());
        parts.extend(calls.filter(|call| call.is_ascii() && call.len() <= MAX_CALL));
        parts.push(format!("{}p", plan.headcount));
    }
    parts.extend(view.body.as_ref().and_then(Body::position).and_then(position));
    let id = view.id.to_string();
    parts.extend(id.get(id.len() - 6..).map(|end| format!("#{end}")));
    parts.join(" ")
}

const MAX_CALL: usize = 16;

fn position(position: &Position) -> Option<String> {
    match position {
        // A hundred metres.
        Position::Gps { lat, lon, .. } => Some(format!("GPS {lat:.3},{lon:.3}")),
        Position::Odometer { km } => Some(format!("km{km:.0}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EmergencyRaised, EmergencyReason, EventId, Record};
    use crate::sync::{Held, Placement};
    use crate::testing::build::{self, MORNING};
    use crate::view::movement::Report;

    fn raised(position: Position) -> RecordView {
        let body = EmergencyRaised {
            reason: EmergencyReason::Unstated,
            position,
            note: Some("at the bridge".into()),
            movement: None,
        };
        let event = build::unsaved("idriss", 15, Body::EmergencyRaised(body)).into_event(1);
        let held = Held { record: Record::own(event), mine: true, placement: Placement::Outbox };
        RecordView::fold(&held, &[], "Idriss", false)
    }

    #[test]
    fn it_fits_into_one_message_and_names_nobody() {
        let plan = build::arrived(
            build::unsaved("base", 1, build::planned(build::plan())).into_event(1),
            1,
            "Amina",
        );
        let movement = Movement::fold(EventId::new(1, [0; 10]), &[Report::of(&plan).unwrap()]).unwrap();
        let view = raised(Position::Gps { lat: 13.829_16, lon: 20.8324, accuracy: 9.0, fixed: MORNING });
        let text = sms(&view, Some(&movement));
        let end = &view.id.to_string()[30..];
        assert_eq!(text, format!("SOS 03:35Z Mike 2 3p GPS 13.829,20.832 #{end}"));
        assert!(text.len() <= 160 && text.is_ascii());
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let text = sms(&raised(Position::Landmark { name: "the bridge at Farchana".into() }), None);
        assert!(text.starts_with("SOS 03:35Z #") && !text.contains("bridge"), "{text}");
        assert!(sms(&raised(Position::Odometer { km: 62.4 }), None).contains(" km62 "));
    }
}
