//! The weeks before the demo's day: what people said, what was threatened, what happened and what was done about it.

use serde_json::{Value, json};
use waymark_core::event::form::form_named;
use waymark_core::event::{Body, EventId, Filled, Stamp};

use super::day::Day;
use super::people::{AMINA, HALIME, IDRISS, Member, OUSMANE, Staff, ZARA};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Writes in somebody's name.
struct Weeks<'a> {
    day: &'a mut Day,
}

impl Weeks<'_> {
    /// A form of this name, so many minutes ago; `None` if the data does not fit it.
    fn write(&mut self, by: &Member, ago: i64, form: &str, data: &Value) -> Option<EventId> {
        let filled = Filled::read(form_named(form)?, data).ok()?;
        Some(self.day.write(by, ago, Body::Filled(Box::new(filled))).id)
    }

    fn ago(&self, minutes: i64) -> String {
        self.day.ago(minutes).to_string()
    }
}

/// At six in the morning of the day after tomorrow.
fn deadline(day: &Day) -> Stamp {
    const DAY_MS: i64 = 86_400_000;
    Stamp((day.ago(0).0 / DAY_MS + 2) * DAY_MS + 6 * 3_600_000)
}

fn farchana() -> Value {
    json!({"name": "Farchana", "at": [13.61, 21.76]})
}

/// Everything; `None` if a report does not fit its form.
pub fn weeks(day: &mut Day, staff: &Staff) -> Option<()> {
    let when = deadline(day).to_string();
    let mut weeks = Weeks { day };
    warnings(&mut weeks, staff, &when)?;
    outcomes(&mut weeks, staff)?;
    robbery(&mut weeks, staff)?;
    risks(&mut weeks, staff)?;
    community(&mut weeks, staff)
}

/// An elder's warning and a call that belong together, and that nobody has joined yet.
fn warnings(weeks: &mut Weeks<'_>, staff: &Staff, when: &str) -> Option<()> {
    let (nurse, guard) = (staff.get(HALIME)?, staff.get(OUSMANE)?);
    let heard = json!({
        "feedback": "warning", "words": "لا تأتوا يوم السوق، الطريق عند فرشانا مراقب",
        "translation": "Do not come on market day, the road at Farchana is watched.", "language": "Arabic",
        "place": farchana(), "deadline": when, "danger": "high", "target": "convoy",
    });
    weeks.write(nurse, 30 * HOUR, "heard", &heard)?;
    let call = json!({
        "words": "Your white cars will not pass Farchana on market day.", "channel": "call", "target": "convoy",
        "target_name": "Mike 2", "place": farchana(), "deadline": when, "manner": "direct", "specific": "very",
        "voice": ["calm", "street"],
    });
    weeks.write(guard, 26 * HOUR, "threat", &call)?;
    let asked = json!({
        "feedback": "warning", "words": "Somebody asked which house the visitors sleep in.", "sensitive": true,
        "place": {"name": "Abéché, east of the market", "at": [13.8, 20.8], "coarse": true},
    });
    weeks.write(nurse, 2 * DAY, "heard", &asked)?;
    Some(())
}

/// Threats of which it is known what they came to, and one that two people judge differently.
fn outcomes(weeks: &mut Weeks<'_>, staff: &Staff) -> Option<()> {
    let (guard, zara, amina) = (staff.get(OUSMANE)?, staff.get(ZARA)?, staff.get(AMINA)?);
    let idriss = staff.get(IDRISS)?;
    let letter = json!({
        "words": "Leave this town, or pay.", "channel": "letter", "target": "premises",
        "place": {"name": "Abéché", "at": [13.829, 20.832]},
    });
    let letter = weeks.write(guard, 10 * DAY, "threat", &letter)?.to_string();
    let first = json!({
        "record": letter, "source": "C", "information": "3", "willingness": 3, "capacity": 2, "inhibiting": 4,
        "likelihood": 2, "impact": 3, "conclusion": "Youths of the quarter; the elders hold them back.",
    });
    weeks.write(zara, 9 * DAY, "evaluation", &first)?;
    let second = json!({
        "record": letter, "source": "B", "information": "2", "willingness": 4, "capacity": 0, "likelihood": 3,
        "impact": 3,
    });
    weeks.write(amina, 8 * DAY, "evaluation", &second)?;
    let stones = json!({
        "summary": "Stones thrown, and shouts that we are spies.", "channel": "face_to_face",
        "target": "organisation", "place": {"name": "Oum Hadjer", "at": [13.295, 19.697]},
    });
    let stones = weeks.write(idriss, 40 * DAY, "threat", &stones)?.to_string();
    let end =
        json!({"record": stones, "outcome": "not_carried_out", "note": "The youth leader spoke to them."});
    weeks.write(zara, 30 * DAY, "threat_end", &end)?;
    let message = json!({
        "words": "We take the next car.", "channel": "sms", "target": "convoy",
        "place": {"name": "Mangalmé", "at": [12.354_6, 19.613_9]},
    });
    let message = weeks.write(idriss, 20 * DAY, "threat", &message)?.to_string();
    let measure = "The convoy left a day earlier, by another road.";
    let end = json!({"record": message, "outcome": "averted_by", "measure": measure});
    weeks.write(zara, 18 * DAY, "threat_end", &end)?;
    weeks.write(
        zara,
        17 * DAY,
        "loss",
        &json!({"loss": "none_averted", "measure": measure, "of": message}),
    )?;
    Some(())
}

/// A robbery without a known threat, what it cost, and what is done about it.
fn robbery(weeks: &mut Weeks<'_>, staff: &Staff) -> Option<()> {
    let (idriss, zara) = (staff.get(IDRISS)?, staff.get(ZARA)?);
    let robbed = json!({
        "what": "Stopped by armed men west of Farchana; a radio and two telephones taken, nobody hurt.",
        "means": "robbery", "place": {"name": "West of Farchana", "at": [13.63, 21.7]},
        "done": "Reported to the gendarmerie.", "help": ["none"],
    });
    let robbed = weeks.write(idriss, 5 * DAY, "incident", &robbed)?.to_string();
    let lost = json!({"loss": "equipment", "number": 3, "value": 450_000, "currency": "XAF", "of": robbed});
    weeks.write(idriss, 5 * DAY - HOUR, "loss", &lost)?;
    let action = json!({
        "action": "asset_recovery", "what": "Speak to the canton chief about the telephones.",
        "owner": staff.person(IDRISS), "due": weeks.ago(-2 * DAY), "of": robbed,
    });
    weeks.write(zara, 4 * DAY, "action", &action)?;
    Some(())
}

fn risks(weeks: &mut Weeks<'_>, staff: &Staff) -> Option<()> {
    let zara = staff.get(ZARA)?;
    let robbers = json!({
        "what": "Robbers on the road between Farchana and Adré after dark.", "category": "crime",
        "area": "Farchana", "place": farchana(), "likelihood": 4, "impact": 4, "trend": "rising",
    });
    let robbers = weeks.write(zara, 15 * DAY, "risk", &robbers)?.to_string();
    let advice = json!({
        "action": "recommendation", "what": "No car on this road after four in the afternoon.",
        "owner": staff.person(AMINA), "due": weeks.ago(DAY), "of": robbers,
    });
    weeks.write(zara, 15 * DAY, "action", &advice)?;
    let floods = json!({
        "what": "Floods cut the road at Oum Hadjer from July to September.", "category": "hazards",
        "area": "Oum Hadjer", "likelihood": 3, "impact": 2, "trend": "steady",
    });
    weeks.write(zara, 25 * DAY, "risk", &floods)?;
    let level = json!({"area": "Farchana", "level": "high", "reason": "A robbery, and warnings."});
    weeks.write(zara, 3 * DAY, "level", &level)?;
    Some(())
}

fn community(weeks: &mut Weeks<'_>, staff: &Staff) -> Option<()> {
    let nurse = staff.get(HALIME)?;
    for (days, perception) in [(80, 2), (50, 3), (9, 4)] {
        let talk = json!({
            "stakeholder": "Elders of Farchana", "stakeholder_kind": "elders", "influence": 5,
            "said": "They ask us to come with the chief, and to say so a day before.", "perception": perception,
            "messages": ["impartial", "how_to_complain"], "place": farchana(),
        });
        weeks.write(nurse, days * DAY, "consulted", &talk)?;
    }
    for (days, agree, signals) in
        [(70, 3, json!(["warned_us"])), (6, 4, json!(["warned_us", "returned_stolen"]))]
    {
        let observed = json!({
            "area": "Farchana", "consent": agree, "stake": 3, "design": 0, "mission": 4, "impartial": agree,
            "culture": 4, "priorities": agree - 1, "authorities": 4, "signals": signals,
        });
        weeks.write(nurse, days * DAY, "acceptance", &observed)?;
    }
    let adre = json!({"name": "Adré", "at": [13.466_48, 22.198_75]});
    let complaint = json!({
        "feedback": "complaint", "words": "The list of names was not read out at the market.", "place": adre,
    });
    weeks.write(nurse, 12 * DAY, "heard", &complaint)?;
    let rumour = json!({
        "feedback": "rumour", "words": "They say that the vaccine makes people ill.", "truth": "false",
        "place": adre,
    });
    weeks.write(nurse, 6 * DAY, "heard", &rumour)?;
    Some(())
}
