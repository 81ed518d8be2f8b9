use serde_json::Value;

use super::super::{MAX_WORDS, form_named};
use super::*;
use crate::event::Digest;
use crate::event::draft::Problem;
use crate::testing::build::MORNING;

struct Nobody;

impl Names for Nobody {
    fn place(&self, name: &str) -> Option<(f64, f64)> {
        (name == "Adré").then_some((13.466_48, 22.198_75))
    }

    fn person(&self, name: &str) -> Person {
        Person { name: name.to_owned(), user: None }
    }
}

fn draft(values: &[(&str, &str)]) -> FormDraft {
    let mut draft = FormDraft::default();
    for (name, value) in values {
        draft.put(name, value);
    }
    draft
}

fn parse(form: &str, draft: &FormDraft) -> Result<Filled, Vec<(&'static str, Problem)>> {
    let about = Circumstances { now: MORNING, ..Circumstances::default() };
    let filled = draft.parse(form_named(form).unwrap(), &about, &Nobody);
    filled.map_err(|errors| errors.iter().map(|error| (error.field, error.problem)).collect())
}

#[test]
fn a_threat_needs_no_more_than_words_or_a_summary() {
    assert_eq!(parse("threat", &FormDraft::default()), Err(vec![("words", Problem::Required)]));
    let filled = parse("threat", &draft(&[("words", "  do not come on Thursday \u{0}\u{7}")])).unwrap();
    assert_eq!(filled.text("words"), Some("do not come on Thursday"));
    assert!(parse("threat", &draft(&[("summary", "said by an elder")])).is_ok());
}

#[test]
fn any_script_and_ten_thousand_characters_are_kept() {
    for words in ["لا تأتوا يوم الخميس (Thursday) 🚫", "Не приезжайте", &"é".repeat(MAX_WORDS)]
    {
        let filled = parse("threat", &draft(&[("words", words)])).unwrap();
        assert_eq!(filled.text("words"), Some(words));
    }
    let long = parse("threat", &draft(&[("words", &"é".repeat(MAX_WORDS + 1))]));
    assert_eq!(long, Err(vec![("words", Problem::TooLong { max: MAX_WORDS })]));
}

#[test]
fn a_code_of_the_organisation_is_kept() {
    let typed = draft(&[("what", "x"), ("means", "drone"), ("help", "medical\nhelicopter")]);
    let filled = parse("incident", &typed).unwrap();
    assert_eq!((filled.text("means"), filled.list("help")), (Some("drone"), vec!["medical", "helicopter"]));
    assert_eq!(
        Filled::read(form_named("incident").unwrap(), &Value::Object(filled.data.clone())),
        Ok(filled)
    );
}

#[test]
fn dates_of_the_future_and_of_1970_are_pointed_out() {
    let at = |happened: &str| parse("threat", &draft(&[("words", "x"), ("happened", happened)]));
    assert!(at("2026-07-13T10:00:00Z").is_ok());
    assert_eq!(at("2027-07-13T10:00:00Z"), Err(vec![("happened", Problem::InFuture)]));
    assert_eq!(at("1970-01-01T00:00:00Z"), Err(vec![("happened", Problem::NotAMoment)]));
    assert_eq!(at("Thursday"), Err(vec![("happened", Problem::NotAMoment)]));
    assert!(parse("threat", &draft(&[("words", "x"), ("deadline", "2026-07-16T00:00:00Z")])).is_ok());
}

#[test]
fn a_sensitive_report_has_no_names_and_a_coarse_place() {
    let mut draft = draft(&[("words", "x"), ("speaker", "the elder"), ("place", "Adré")]);
    let open = parse("threat", &draft).unwrap();
    assert_eq!(open.text("speaker"), Some("the elder"));
    assert_eq!(open.spot().unwrap().at, Some((13.466_48, 22.198_75)));
    draft.sensitive = true;
    let filled = parse("threat", &draft).unwrap();
    assert!(filled.is_sensitive() && filled.text("speaker").is_none());
    let spot = filled.spot().unwrap();
    assert_eq!((spot.at, spot.coarse), (Some((13.5, 22.2)), true));
}

#[test]
fn what_depends_on_another_answer_is_asked_only_then() {
    let end = |outcome: &str, measure: &str| {
        parse("threat_end", &draft(&[("outcome", outcome), ("measure", measure)]))
    };
    assert_eq!(end("averted_by", ""), Err(vec![("measure", Problem::Required)]));
    assert_eq!(end("unknown", "typed before").unwrap().text("measure"), None);
    assert!(end("averted_by", "went on Friday").is_ok());
}

#[test]
fn every_form_is_read_as_it_was_written() {
    for form in super::super::FORMS {
        let mut draft = FormDraft::default();
        for field in form.fields() {
            let value = match field.ask {
                Ask::One(list) => list.codes[0],
                Ask::Many(list) => &list.codes[..2].join("\n"),
                Ask::Scale(_) => "0",
                Ask::Count(_) | Ask::Amount => "٣",
                Ask::Moment | Ask::Due => "2026-07-13T10:00:00.000Z",
                Ask::Yes => YES,
                _ => "words",
            };
            draft.put(field.name, value);
        }
        let id = |n| Some(EventId::new(n, [1; 10]));
        let about =
            Circumstances { now: MORNING, record: id(1), ends: id(1).zip(id(2)), ..Circumstances::default() };
        if form.name == "update" {
            continue;
        }
        let filled = draft.parse(form, &about, &Nobody).unwrap_or_else(|error| panic!("{error:?}"));
        let read = Filled::read(form, &Value::Object(filled.data.clone())).unwrap();
        assert_eq!(read, filled, "{}", form.name);
        let again = FormDraft::of(&filled).parse(form, &about, &Nobody);
        assert_eq!(again, Ok(filled), "{}", form.name);
    }
}

#[test]
fn an_update_says_only_what_is_different() {
    let form = form_named("threat").unwrap();
    let before = parse("threat", &draft(&[("words", "x"), ("demand", "leave")])).unwrap();
    let about =
        Circumstances { now: MORNING, record: Some(EventId::new(1, [1; 10])), ..Circumstances::default() };
    let mut changed = FormDraft::of(&before);
    let same = changed.parse_update(form, &before, &about, &Nobody).unwrap_err();
    assert_eq!(same[0].problem, Problem::Unchanged);
    changed.put("demand", "");
    changed.put("language", "Arabic");
    let update = changed.parse_update(form, &before, &about, &Nobody).unwrap();
    let added: Vec<_> = update.additions().map(|(name, value)| (name.as_str(), value.is_null())).collect();
    assert_eq!(added, [("demand", true), ("language", false)]);
}

#[test]
fn an_update_leaves_alone_what_others_added_since_it_was_opened() {
    let form = form_named("threat").unwrap();
    let mut before = parse("threat", &draft(&[("words", "x"), ("demand", "leave")])).unwrap();
    let mut changed = FormDraft::of(&before);
    before.data.insert("demand".to_owned(), "leave by noon".into());
    before.data.insert("channel".to_owned(), "call".into());
    changed.put("language", "Arabic");
    let kept = FormDraft::from_value(&changed.to_value()).unwrap();
    let about = Circumstances { now: MORNING, ..Circumstances::default() };
    let update = kept.parse_update(form, &before, &about, &Nobody).unwrap();
    let added: Vec<_> = update.additions().map(|(name, _)| name.as_str()).collect();
    assert_eq!(added, ["language"]);
}

#[test]
fn an_update_takes_away_nothing_that_is_needed_and_hands_nothing_to_another_person() {
    let about = Circumstances { now: MORNING, ..Circumstances::default() };
    let typed = draft(&[("feedback", "warning"), ("words", "x")]);
    let before = parse("heard", &typed).unwrap();
    let mut changed = FormDraft::of(&before);
    changed.put("words", "");
    let fault = changed.parse_update(form_named("heard").unwrap(), &before, &about, &Nobody).unwrap_err();
    assert_eq!((fault[0].field, fault[0].problem), ("words", Problem::Required));
    let fault_of = |form: &str, before: &[(&str, &str)], change: &[(&str, &str)]| {
        let before = parse(form, &draft(before)).unwrap();
        let mut changed = FormDraft::of(&before);
        for (name, value) in change {
            changed.put(name, value);
        }
        let update = changed.parse_update(form_named(form).unwrap(), &before, &about, &Nobody);
        update.err().map(|errors| (errors[0].field, errors[0].problem))
    };
    let needed = |name| Some((name, Problem::Required));
    assert_eq!(fault_of("threat", &[("words", "x")], &[("words", "")]), needed("words"));
    assert_eq!(fault_of("threat", &[("words", "x")], &[("words", ""), ("summary", "y")]), None);
    let averted = [("loss", "none_averted")];
    assert_eq!(fault_of("loss", &[("loss", "vehicles")], &averted), needed("measure"));
    let due = "2026-08-01T00:00:00.000Z";
    let action = [("action", "relocation"), ("what", "w"), ("owner", "Idriss"), ("due", due)];
    let before = parse("action", &draft(&action)).unwrap();
    let mut changed = FormDraft::of(&before);
    changed.put("owner", "Amina");
    let fault = changed.parse_update(form_named("action").unwrap(), &before, &about, &Nobody).unwrap_err();
    assert_eq!(fault[0].problem, Problem::Unchanged);
}

#[test]
fn another_name_is_another_place_unless_the_phone_is_there() {
    let mut draft = draft(&[("words", "x"), ("place", "Adré")]);
    draft.put_at("place", Some((1.0, 2.0)));
    draft.put("place", "Adré");
    assert_eq!(draft.at("place"), Some((1.0, 2.0)));
    draft.put("place", "Farchana");
    assert_eq!(draft.at("place"), None);
    draft.put_fix("place", Some((1.0, 2.0)));
    draft.put("place", "the bridge");
    assert_eq!((draft.at("place"), draft.is_fix("place")), (Some((1.0, 2.0)), true));
    draft.put_fix("place", None);
    assert_eq!((draft.at("place"), draft.is_fix("place")), (None, false));
    draft.put_at("place", Some((3.0, 4.0)));
    let mut opened = FormDraft { base: draft.values.clone(), ..draft };
    opened.put("place", "the bridges");
    assert_eq!(opened.place_at("place", None), Some((3.0, 4.0)), "another spelling");
    assert_eq!(opened.place_at("place", Some((5.0, 6.0))), Some((5.0, 6.0)), "another place");
    opened.put_fix("place", None);
    assert_eq!(opened.place_at("place", None), None, "dropped");
}

#[test]
fn long_texts_together_are_no_more_than_a_record_takes() {
    let full = "🚙".repeat(MAX_WORDS);
    let one = [("words", full.as_str())];
    assert!(parse("threat", &draft(&one)).is_ok());
    let errors = parse("threat", &draft(&[one[0], ("translation", &full)])).unwrap_err();
    let [(field, Problem::TooLong { max })] = errors[..] else { panic!("{errors:?}") };
    let fits = "🚙".repeat(max);
    let other = if field == "words" { "translation" } else { "words" };
    assert!(max > 4_000 && parse("threat", &draft(&[(field, &fits), (other, &full)])).is_ok());
}

#[test]
fn photos_go_into_the_record_and_an_update_says_only_the_new_ones() {
    let form = form_named("threat").unwrap();
    let photo = |bytes: &[u8]| Photo {
        sha256: Digest::of_bytes(bytes),
        media_type: "image/jpeg".to_owned(),
        bytes: bytes.len() as u64,
        width: 4,
        height: 3,
    };
    let (one, two) = (photo(b"one"), photo(b"two"));
    let with = |photos: &[&Photo]| {
        let photos = photos.iter().copied().cloned().collect();
        FormDraft { photos, ..draft(&[("words", "x")]) }
    };
    let kept = FormDraft::from_value(&with(&[&one]).to_value()).unwrap();
    let before = parse("threat", &kept).unwrap();
    assert_eq!(before.photos(), std::slice::from_ref(&one));
    assert!(parse("threat", &with(&[])).unwrap().data.get("photos").is_none());
    let about = Circumstances { now: MORNING, ..Circumstances::default() };
    let update = |draft: &FormDraft| draft.parse_update(form, &before, &about, &Nobody);
    assert_eq!(update(&with(&[&one, &two, &two])).unwrap().photos(), [two]);
    assert_eq!(update(&with(&[&one])).unwrap_err()[0].problem, Problem::Unchanged);
}
