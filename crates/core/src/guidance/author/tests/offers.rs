use super::*;
use crate::guidance::{CodeLists, Now, axis_has, offer};
use crate::rules::Role;

/// What the built-in pack offers: a change of `when` in one card shows here in what it does to the others.
#[test]
fn the_built_in_cards_are_offered_where_they_belong() {
    let pack = read("waymark", 1, &crate::guidance::LANGUAGES, &[], &built_in_files()).0;
    let traveller = Some(Role::Traveller);
    let manager = Some(Role::Manager);
    let situations: &[(&str, Option<Role>, &str)] = &[
        ("checkin:checkpoint", traveller, "checkpoint"),
        ("passage:searched checkin:checkpoint", traveller, "checkpoint phone-search"),
        ("passage:refused checkin:checkpoint", traveller, "checkpoint negotiating-access"),
        ("passage:payment_asked checkin:checkpoint", traveller, "checkpoint demands-for-aid"),
        ("checkin:breakdown", traveller, "breakdown"),
        ("people:need_assistance checkin:halted", traveller, "breakdown bleeding medical-evacuation"),
        ("people:not_safe", traveller, "hostile-crowd shots-fired"),
        ("people:not_safe", manager, "hostile-crowd shots-fired crisis-first-hour"),
        ("emergency:medical", traveller, "unconscious bleeding medical-evacuation"),
        ("emergency:medical", manager, "unconscious bleeding crisis-first-hour"),
        ("emergency:traffic_accident", traveller, "road-accident broken-bones bleeding"),
        ("emergency:attack", traveller, "ambush shots-fired armed-attack-building"),
        ("emergency:attack", manager, "ambush shots-fired crisis-first-hour"),
        ("emergency:abduction", traveller, "abduction"),
        ("emergency:mine_uxo", traveller, "mines-uxo bleeding"),
        ("emergency:robbery", traveller, "carjacking robbery"),
        ("emergency:other", traveller, "fire hostile-crowd"),
        ("threat:call", traveller, "threat-call bomb-threat"),
        ("threat:call target:person", traveller, "threat-call bomb-threat personal-threat"),
        ("threat:call target:premises", traveller, "bomb-threat threat-call guards"),
        ("threat:letter target:organisation", traveller, "threat-letter extortion keeping-evidence"),
        ("threat:via_third_party target:convoy", traveller, "feedback-warning extortion ambush"),
        ("incident:road_accident", traveller, "road-accident broken-bones bleeding"),
        ("incident:road_accident help:medical", traveller, "bleeding road-accident broken-bones"),
        ("incident:illness", traveller, "diarrhoea-dehydration fever-malaria heat"),
        (
            "incident:illness help:medical",
            traveller,
            "medical-evacuation diarrhoea-dehydration fever-malaria",
        ),
        ("incident:robbery location:H", traveller, "theft-from-house robbery residence"),
        ("incident:threat_or_harassment", traveller, "armed-visitors extortion personal-threat"),
        ("incident:AB context:C", traveller, "drones shelling-air-strike explosion"),
        ("incident:AB context:C", manager, "drones shelling-air-strike crisis-first-hour"),
        ("incident:S help:medical", traveller, "bleeding chest-wound shots-fired"),
        ("incident:VBIED", manager, "armed-attack-building explosion crisis-first-hour"),
        ("incident:LM", traveller, "mines-uxo bleeding"),
        ("leg:night leg:any", traveller, "night-on-the-road tired-driver before-departure"),
        ("overdue:2", manager, "overdue-vehicle"),
        ("overdue:2", traveller, "lost-contact"),
        ("heard:warning", traveller, "feedback-warning"),
        ("loss:killed", manager, "death-of-colleague compensation-insurance family-liaison"),
    ];
    let mut others = vec![];
    for (moments, role, expected) in situations {
        let fitting = moments.split(' ').map(|moment| moment.parse().unwrap()).collect();
        let now = Now { moments: fitting, role: *role, level: None };
        assert!(now.moments.iter().all(|moment| axis_has(moment, &CodeLists::default())), "{now:?}");
        let ids: Vec<_> = offer(&pack.cards, &now).iter().map(|offered| offered.card.id.as_str()).collect();
        if ids.join(" ") != *expected {
            others.push(format!("{moments}, {role:?}: {}", ids.join(" ")));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}
