//! What is signed holds for minutes only, and the clock of a phone may be wrong by years: signatures are of the corrected time.
//!
//! How wrong the clock is, our own server has told; or the backend tells with its refusal, in the error's `ServerTime` (Amazon
//! S3 API reference, error responses: `RequestTimeTooSkewed`, and `AccessDenied` of an address that has expired) or in the
//! header `Date` (RFC 9110), where a page is shown that. Then what was refused is begun anew: at S3, which holds the same record
//! once, at any time; at a webhook, which may not, only as long as it has taken nothing.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::{Dialogue, NoResponse, Response, Talk, Turn};
use crate::event::Stamp;

/// A clock that is wrong by no more is not what a signature was refused for: `Date` counts in seconds, and answers take a while.
const RIGHT_MS: u64 = 60_000;
/// Statuses with which a signature is refused.
const REFUSED: [u16; 2] = [401, 403];
/// How often one dialogue is begun anew: a clock may jump in the middle, and a backend's own may be broken.
const MOST_CORRECTIONS: u8 = 3;

/// A dialogue that is told the corrected time.
pub(super) struct InTime<Answer> {
    begin: Box<dyn Fn(Stamp) -> Talk<Answer> + Send>,
    talk: Option<Talk<Answer>>,
    /// Milliseconds to add to the phone's clock.
    offset: i64,
    corrections: u8,
    /// What was taken before is not taken twice. Else nothing is begun anew once anything was.
    repeatable: bool,
    taken: bool,
}

/// The dialogue that `begin` makes, given the right time. `clockoffset` is what is to be added to the phone's clock, in
/// milliseconds, as far as it is known; `repeatable` is whether the backend holds once what it is given twice.
pub(super) fn in_time<Answer: 'static>(
    clockoffset: Option<i64>,
    repeatable: bool,
    begin: impl Fn(Stamp) -> Talk<Answer> + Send + 'static,
) -> Talk<Answer> {
    let offset = clockoffset.unwrap_or_default();
    Box::new(InTime { begin: Box::new(begin), talk: None, offset, corrections: 0, repeatable, taken: false })
}

impl<Answer> Dialogue for InTime<Answer> {
    type Answer = Answer;

    fn open(&mut self, now: Stamp) -> Turn<Answer> {
        let now = now.plus_ms(self.offset);
        self.talk.insert((self.begin)(now)).open(now)
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let may_begin_anew = self.repeatable || !self.taken;
        let refused = |response: &&Response| {
            // Of an address that has expired S3 says that the request is bad.
            REFUSED.contains(&response.status) || self.repeatable && response.status == 400
        };
        let theirs = reply.as_ref().ok().filter(refused).filter(|_| may_begin_anew);
        if let Some(theirs) = theirs.and_then(backends_time)
            && theirs.ms_since(now.plus_ms(self.offset)).unsigned_abs() > RIGHT_MS
            && self.corrections < MOST_CORRECTIONS
        {
            self.corrections += 1;
            self.offset = theirs.ms_since(now);
            return self.open(now);
        }
        self.taken |= reply.as_ref().is_ok_and(|response| matches!(response.status, 200..=299));
        match &mut self.talk {
            Some(talk) => talk.reply(reply, now.plus_ms(self.offset)),
            // The driver brings a reply to nothing.
            None => self.open(now),
        }
    }
}

/// What the backend's clock says.
fn backends_time(response: &Response) -> Option<Stamp> {
    let said = str::from_utf8(&response.body).unwrap_or_default();
    let named = said.split_once("<ServerTime>").and_then(|(_, rest)| rest.split_once('<'));
    named.and_then(|(time, _)| time.parse().ok()).or_else(|| {
        let date = OffsetDateTime::parse(response.header("date")?, &Rfc2822).ok()?;
        Some(Stamp(date.unix_timestamp() * 1_000))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{deliver, probe, script};
    use super::*;
    use crate::sync::{Answer, BackendKind, Destination};

    const HOUR: i64 = 3_600_000;

    fn bucket() -> Destination {
        let mut there = script::destination(BackendKind::S3);
        there.options.insert("bucket".into(), "way".into());
        there
    }

    /// `20130524T010203Z` of the address of a request, or the seconds of a webhook's header, as RFC 3339 has them.
    fn signed_at(request: &super::super::Request) -> Stamp {
        if let Some((_, rest)) = request.path.split_once("X-Amz-Date=") {
            let at = |range| rest.get(range).unwrap();
            let time = [at(0..4), at(4..6), at(6..11), at(11..13), at(13..16)];
            return format!("{}-{}-{}:{}:{}", time[0], time[1], time[2], time[3], time[4]).parse().unwrap();
        }
        let header = request.headers.iter().find(|(name, _)| *name == "webhook-timestamp");
        Stamp(header.unwrap().1.parse::<i64>().unwrap() * 1_000)
    }

    fn skewed(time: &str) -> Result<Response, NoResponse> {
        let body = format!("<Error><Code>RequestTimeTooSkewed</Code><ServerTime>{time}</ServerTime></Error>");
        script::other(403, "application/xml", &body)
    }

    fn seconds(stamp: Stamp) -> Stamp {
        Stamp(stamp.0.div_euclid(1_000) * 1_000)
    }

    fn answers(
        there: &Destination,
        offset: Option<i64>,
        reply: impl Fn(Stamp) -> Option<Result<Response, NoResponse>>,
    ) -> (Answer, Vec<Stamp>) {
        let mut talk = deliver(there, &script::session(), None, &script::batch(1), script::NOW, offset);
        let (answer, asked) = script::play(&mut *talk, |request| {
            let gone = script::other(404, "application/xml", "<Error><Code>NoSuchBucket</Code></Error>");
            reply(signed_at(request)).unwrap_or(gone)
        });
        (answer, asked.iter().map(signed_at).collect())
    }

    #[test]
    fn signatures_are_of_the_time_that_our_server_told() {
        for there in [bucket(), script::destination(BackendKind::Webhook)] {
            let (_, asked) = answers(&there, Some(-26 * HOUR), |_| None);
            assert_eq!(asked[0], seconds(script::NOW.plus_ms(-26 * HOUR)), "{:?}", there.kind);
            assert_eq!(answers(&there, None, |_| None).1[0], seconds(script::NOW), "as far as it is known");
        }
    }

    #[test]
    fn what_is_refused_for_its_time_is_signed_anew_with_the_backends() {
        let right = script::NOW.plus_ms(8_000 * HOUR);
        let near = move |at: Stamp| at.ms_since(right).abs() < 900_000;
        let (answer, asked) =
            answers(&bucket(), Some(HOUR), |at| (!near(at)).then(|| skewed(&right.to_string())));
        assert!(!matches!(answer, Answer::SignIn), "{answer:?}");
        assert_eq!(asked[..2], [seconds(script::NOW.plus_ms(HOUR)), seconds(right)]);

        let mut test = probe(&bucket(), true, None).unwrap();
        let (found, _) = script::play(&mut *test, |request| {
            if near(signed_at(request)) {
                script::other(200, "application/json", r#"{"type":"waymark.life"}"#)
            } else {
                skewed(&right.to_string())
            }
        });
        assert_eq!(found.code(), "fine");

        // Of a webhook there is no more than the header.
        let hook = script::destination(BackendKind::Webhook);
        let (answer, asked) = answers(&hook, None, |at| {
            let mut refusal = script::other(401, "text/plain", "Message timestamp too old").unwrap();
            refusal.headers.push(("date", "Mon, 01 Mar 2100 06:00:00 GMT".into()));
            Some(if at.0 == 4_107_564_000_000 { script::other(204, "", "") } else { Ok(refusal) })
        });
        assert!(matches!(answer, Answer::Receipts(_)), "{answer:?}");
        assert_eq!(asked.len(), 2);
    }

    #[test]
    fn what_a_webhook_took_is_not_posted_again_for_the_sake_of_the_time() {
        let mut hook = script::destination(BackendKind::Webhook);
        hook.options.insert("mode".into(), "single".into());
        let deliver = |hook: &Destination, first: u16, second: u16| {
            let mut talk = deliver(hook, &script::session(), None, &script::batch(2), script::NOW, None);
            let mut turn = 0;
            let (_, asked) = script::play(&mut *talk, |_| {
                turn += 1;
                let mut reply =
                    script::other(if turn == 1 { first } else { second }, "text/plain", "").unwrap();
                reply.headers.push(("date", "Mon, 01 Mar 2100 06:00:00 GMT".into()));
                Ok(reply)
            });
            asked.len()
        };
        assert_eq!(deliver(&hook, 204, 401), 2, "the first is there");
        assert_eq!(deliver(&hook, 400, 204), 2, "what is in the first is refused, not its time");
        assert_eq!(deliver(&hook, 401, 204), 3, "nothing was taken yet");
        hook.sign_in.secret.clear();
        assert_eq!(deliver(&hook, 401, 204), 1, "nothing is signed");
    }

    #[test]
    fn a_refused_key_stays_refused_whatever_the_clocks_say() {
        let (answer, asked) =
            answers(&bucket(), None, |_| Some(skewed(&script::NOW.plus_ms(20_000).to_string())));
        assert_eq!((answer, asked.len()), (Answer::SignIn, 1), "the clock is right");
        let (answer, asked) = answers(&bucket(), None, |at| Some(skewed(&at.plus_ms(HOUR).to_string())));
        assert_eq!((answer, asked.len()), (Answer::SignIn, 4), "theirs runs away");
        let (answer, asked) = answers(&bucket(), None, |_| Some(skewed("yesterday")));
        assert_eq!((answer, asked.len()), (Answer::SignIn, 1));
    }
}
