use super::{LegDraft, PlaceDraft, PlanDraft, PlanPart, VehicleDraft, with_name};
use crate::event::draft::{FieldError, Problem};
use crate::event::{AreaLevel, Pace, Person, Plan, Situation, Stamp, UserId, WatchRules};

const MORNING: Stamp = Stamp(1_784_000_000_000);
const HOUR: i64 = 3_600_000;

fn hours(count: i64) -> Stamp {
    MORNING.plus_ms(count * HOUR)
}

fn to(name: &str, km: &str, time: &str) -> LegDraft {
    let to = PlaceDraft { name: name.into(), ..PlaceDraft::default() };
    LegDraft { to, km: km.into(), time: time.into(), ..LegDraft::default() }
}

fn vehicle(call_sign: &str, people: &str) -> VehicleDraft {
    VehicleDraft { call_sign: call_sign.into(), people: people.into(), ..VehicleDraft::default() }
}

fn draft() -> PlanDraft {
    PlanDraft {
        name: "Mike".into(),
        depart: Some(MORNING),
        from: PlaceDraft { name: "Abéché".into(), ..PlaceDraft::default() },
        legs: vec![to("Farchana", "90", "2:30"), to("Adré", "35,5", "1:15")],
        vehicles: vec![vehicle("Mike 1", "Idriss, Hawa"), vehicle("Mike 2", "Moussa")],
        ..PlanDraft::default()
    }
}

fn person(name: &str, user: &str) -> Person {
    Person { name: name.into(), user: Some(UserId(user.into())) }
}

fn parse(draft: &PlanDraft) -> Result<Plan, Vec<FieldError>> {
    draft.parse(&[person("Idriss", "u-1"), person("Hawa", "u-2")], &WatchRules::of_level)
}

fn at(field: &'static str, row: usize, problem: Problem) -> FieldError {
    FieldError { field, row: Some(row), problem }
}

#[track_caller]
fn fails(draft: &PlanDraft, errors: &[FieldError]) {
    assert_eq!(parse(draft), Err(errors.to_vec()));
}

#[test]
fn a_short_form_is_a_plan() {
    let plan = parse(&draft()).unwrap();
    assert_eq!(plan.headcount, 3);
    assert_eq!(plan.watch, WatchRules::of_level(&AreaLevel::Moderate));
    assert_eq!(plan.legs[1].km, Some(35.5));
    assert_eq!(plan.destination().name, "Adré");
    assert_eq!(plan.crew(), [UserId("u-1".into()), UserId("u-2".into())]);
}

#[test]
fn an_empty_form_says_all_that_is_missing_in_the_order_of_the_page() {
    let required = |field| FieldError::new(field, Problem::Required);
    let errors = [
        required("name"),
        required("from"),
        required("depart"),
        at("to", 0, Problem::Required),
        required("headcount"),
    ];
    fails(&PlanDraft::default(), &errors);
}

#[test]
fn without_a_departure_all_else_is_still_checked() {
    let long = "x".repeat(121);
    let draft =
        PlanDraft { depart: None, means: [long.clone(), String::new(), long, String::new()], ..draft() };
    let too_long = Problem::TooLong { max: 120 };
    let errors =
        [FieldError::new("depart", Problem::Required), at("means", 0, too_long), at("means", 2, too_long)];
    fails(&draft, &errors);
}

#[test]
fn somebody_has_to_go() {
    let nobody = PlanDraft { vehicles: vec![vehicle("Mike 1", "")], ..draft() };
    fails(&nobody, &[FieldError::new("headcount", Problem::Required)]);
    let zero = PlanDraft { headcount: "0".into(), ..nobody.clone() };
    fails(&zero, &[FieldError::new("headcount", Problem::OutOfRange { min: 1, max: 999 })]);
    let counted = PlanDraft { headcount: "٤".into(), ..nobody };
    assert_eq!(parse(&counted).unwrap().headcount, 4);
}

#[test]
fn people_on_foot_need_no_vehicle() {
    let walk = PlanDraft { vehicles: vec![], on_foot: "Hawa؛ Idriss، Zara\nAli".into(), ..draft() };
    let plan = parse(&walk).unwrap();
    assert_eq!((plan.vehicles.len(), plan.headcount), (0, 4));
    assert_eq!(plan.on_foot[3].name, "Ali");
    // A row that nobody has touched is no vehicle.
    assert_eq!(parse(&PlanDraft { vehicles: vec![VehicleDraft::default()], ..walk }).unwrap().vehicles, []);
}

#[test]
fn sixty_vehicles_are_a_plan_too() {
    let vehicles = (1..=60).map(|at| vehicle(&format!("Mike {at}"), "A, B")).collect();
    let draft = PlanDraft { vehicles, ..draft() };
    assert_eq!(draft.convoy(), 60);
    let plan = parse(&draft).unwrap();
    assert_eq!((plan.vehicles.len(), plan.headcount), (60, 120));
}

#[test]
fn two_vehicles_cannot_answer_to_one_call_sign() {
    let vehicles = vec![vehicle("Mike 1", "A"), VehicleDraft::default(), vehicle(" mike 1", "B")];
    fails(&PlanDraft { vehicles, ..draft() }, &[at("call_sign", 2, Problem::Repeated)]);
    // What is missing is not repeated.
    let vehicles = vec![vehicle("", "A"), vehicle("", "B")];
    let errors = [at("call_sign", 0, Problem::Required), at("call_sign", 1, Problem::Required)];
    fails(&PlanDraft { vehicles, ..draft() }, &errors);
}

#[test]
fn a_way_leads_somewhere() {
    fails(&PlanDraft { legs: vec![], ..draft() }, &[FieldError::new("to", Problem::Required)]);
    let legs = vec![to("Farchana", "", ""), to(" ", "many", "1:75")];
    let errors = [
        at("to", 1, Problem::Required),
        at("km", 1, Problem::NotANumber),
        at("time", 1, Problem::NotADuration),
    ];
    fails(&PlanDraft { legs, ..draft() }, &errors);
}

#[test]
fn nights_come_in_their_order() {
    let night = |hour: Option<i64>, leg| LegDraft { overnight_until: hour.map(hours), ..leg };
    let nights = |first, second| PlanDraft {
        legs: vec![
            night(first, to("Farchana", "", "2:30")),
            night(second, to("Adré", "", "1:15")),
            to("Tiné", "", ""),
        ],
        ..draft()
    };
    assert!(parse(&nights(Some(24), Some(48))).is_ok());
    fails(&nights(Some(48), Some(24)), &[at("overnight_until", 1, Problem::WrongOrder)]);
    fails(&nights(Some(-1), Some(24)), &[at("overnight_until", 0, Problem::WrongOrder)]);
    // Before they have arrived, though after they have left.
    fails(&nights(Some(2), Some(24)), &[at("overnight_until", 0, Problem::WrongOrder)]);
    fails(&nights(Some(24), Some(25)), &[at("overnight_until", 1, Problem::WrongOrder)]);
}

#[test]
fn one_turns_back_after_leaving() {
    let turn = |hour| PlanDraft { turnaround: Some(hours(hour)), ..draft() };
    assert_eq!(parse(&turn(9)).unwrap().turnaround, Some(hours(9)));
    fails(&turn(0), &[FieldError::new("turnaround", Problem::WrongOrder)]);
}

#[test]
fn figures_in_arabic() {
    let legs = vec![LegDraft { overnight_until: None, ..to("أدري", "١٢٥٫٥", "٣:٤٥") }];
    let draft = PlanDraft { legs, interval: "٤٥".into(), grace: "۵".into(), ..draft() };
    let plan = parse(&draft).unwrap();
    assert_eq!((plan.legs[0].km, plan.legs[0].minutes), (Some(125.5), Some(225)));
    assert_eq!((plan.watch.interval, plan.watch.grace), (45, 5));
}

#[test]
fn the_prompt_comes_within_the_grace() {
    let plan = parse(&PlanDraft { grace: "1".into(), ..draft() }).unwrap();
    assert_eq!((plan.watch.grace, plan.watch.prompt), (1, 0));
}

#[test]
fn a_name_that_two_people_share_stands_for_neither() {
    let directory = [person("Idriss", "u-1"), person("idriss", "u-2"), person("Hawa", "u-3")];
    let plan = draft().parse(&directory, &WatchRules::of_level).unwrap();
    assert_eq!(plan.vehicles[0].people[0], Person { name: "Idriss".into(), user: None });
    assert_eq!(plan.crew(), [UserId("u-3".into())]);
}

fn full() -> PlanDraft {
    PlanDraft {
        purpose: "Clinic".into(),
        clearance: "C-12".into(),
        notification: "HNS 4".into(),
        area_level: AreaLevel::High,
        leader: "Hawa".into(),
        on_foot: "Zara".into(),
        headcount: "9".into(),
        turnaround: Some(hours(10)),
        no_go: "Rain\nShooting".into(),
        means: ["HF 5.300", "", "", "+8816"].map(str::to_owned),
        contacts: "Base +235".into(),
        actions_on: ["Stop", "", "", "Drive on", ""].map(str::to_owned),
        interval: "45".into(),
        ..draft()
    }
}

#[test]
fn what_a_plan_is_revised_from_gives_the_same_plan() {
    let plan = parse(&full()).unwrap();
    let means: Vec<_> = plan.means.iter().map(|means| means.pace.clone()).collect();
    assert_eq!(means, [Pace::Primary, Pace::Emergency]);
    assert_eq!(plan.actions_on[1].situation, Situation::Attack);
    let again = PlanDraft::of(&plan, &WatchRules::of_level(&plan.area_level));
    assert_eq!(parse(&again).unwrap(), plan);
    assert_eq!((again.interval.as_str(), again.grace.as_str()), ("45", ""));
    // As far as figures are written in one way.
    assert_eq!(full().differs(&again), [PlanPart::Route]);
    assert_eq!(again.differs(&again), []);
}

#[test]
fn an_interval_is_kept_when_it_is_usual_only_elsewhere() {
    let plan = parse(&draft()).unwrap();
    let longer = |level: &AreaLevel| WatchRules { interval: 90, ..WatchRules::of_level(level) };
    let again = PlanDraft::of(&plan, &longer(&plan.area_level));
    assert_eq!(again.parse(&[], &longer).unwrap().watch.interval, plan.watch.interval);
}

#[test]
fn a_copy_has_the_people_and_the_way_but_not_the_times() {
    let plan = parse(&PlanDraft {
        legs: vec![LegDraft { overnight_until: Some(hours(24)), ..to("Adré", "125", "3:45") }],
        ..full()
    });
    let plan = plan.unwrap();
    let rules = WatchRules::of_level(&plan.area_level);
    let copy = PlanDraft::copy_of(&plan, &rules);
    assert_eq!((copy.depart, copy.turnaround, copy.legs[0].overnight_until), (None, None, None));
    assert_eq!((copy.clearance.as_str(), copy.notification.as_str()), ("", ""));
    assert_eq!((copy.going(), copy.convoy()), (9, 2));
    let route = PlanDraft::route_of(&plan, &rules);
    assert_eq!((route.going(), route.convoy(), route.name.as_str()), (0, 0, ""));
    assert_eq!(route.legs, copy.legs);
    assert_eq!((route.means, route.area_level), (copy.means, copy.area_level));
}

#[test]
fn what_is_typed_so_far_tells_when_they_arrive() {
    let mut draft = draft();
    let km = |draft: &PlanDraft| draft.stretches().iter().map(|stretch| stretch.km).collect::<Vec<_>>();
    let arrivals = |draft: &PlanDraft| draft.stretches().iter().map(|s| s.arrival).collect::<Vec<_>>();
    assert_eq!(km(&draft), [Some(90.0), Some(125.5)]);
    assert_eq!(arrivals(&draft)[1], Some(MORNING.plus_ms(HOUR * 15 / 4)));
    draft.legs[0].overnight_until = Some(hours(24));
    draft.legs[0].time = "2:".into();
    assert_eq!(arrivals(&draft)[1], Some(MORNING.plus_ms(HOUR * 101 / 4)));
    draft.legs[0].km = "9o".into();
    assert_eq!(km(&draft), [None, None]);
    draft.depart = None;
    draft.legs[0].overnight_until = None;
    assert_eq!(arrivals(&draft), [None, None]);
}

#[test]
fn people_are_offered_until_they_are_named() {
    let people = [person("Hawa", "u-1"), person("Idriss", "u-2"), person("Halima", "u-3")];
    let draft =
        PlanDraft { on_foot: "idriss".into(), vehicles: vec![vehicle("M", "")], ..PlanDraft::default() };
    assert_eq!(draft.offered("", &people, 6), ["Hawa", "Halima"]);
    assert_eq!(draft.offered("Zara، hal", &people, 6), ["Halima"]);
    assert_eq!(draft.offered("", &people, 1), ["Hawa"]);
    assert_eq!(with_name("", "Hawa"), "Hawa, ");
    assert_eq!(with_name("Zara, hal", "Halima"), "Zara, Halima, ");
    assert_eq!(with_name("Zara،ha", "Hawa"), "Zara، Hawa, ");
}

#[test]
fn differences_are_named_by_what_people_call_them() {
    let other = PlanDraft { depart: Some(hours(1)), headcount: "4".into(), grace: "7".into(), ..draft() };
    assert_eq!(draft().differs(&other), [PlanPart::Departure, PlanPart::Vehicles, PlanPart::Watch]);
    // Counted or not: as many go.
    assert_eq!(draft().differs(&PlanDraft { headcount: "3".into(), ..draft() }), []);
}

#[test]
fn a_kept_draft_of_an_older_version_is_read() {
    let kept: PlanDraft = serde_json::from_str(r#"{"name":"Mike","legs":[{"to":{"name":"Adré"}}]}"#).unwrap();
    assert_eq!((kept.name.as_str(), kept.legs[0].to.name.as_str()), ("Mike", "Adré"));
    let text = serde_json::to_string(&full()).unwrap();
    assert_eq!(serde_json::from_str::<PlanDraft>(&text).unwrap(), full());
}
