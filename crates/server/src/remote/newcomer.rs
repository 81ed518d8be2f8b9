use waymark_core::backend::reference::Enrolled;
use waymark_core::event::{Digest, Stamp};
use waymark_core::sync::Session;

use crate::secret::{self, NoRandomness};

/// A phone that has just signed in.
pub struct Newcomer {
    pub session: Session,
    /// Milliseconds to add to this machine's clock to get the server's.
    pub clockoffset: i64,
}

impl Newcomer {
    /// From the answer to an enrolment that was sent and answered then.
    pub fn of(enrolled: Enrolled, sent: Stamp, answered: Stamp) -> Self {
        let half_way = sent.plus_ms(answered.ms_since(sent) / 2);
        let clockoffset = enrolled.now.ms_since(half_way);
        let Enrolled { org, org_name, user, name, role, areas, device, token, .. } = enrolled;
        Self { session: Session { org, org_name, user, name, role, areas, device, token }, clockoffset }
    }
}

/// The secret that a phone makes before it is first enrolled.
///
/// # Errors
/// The system gives no random bytes.
pub fn fresh_key() -> Result<String, NoRandomness> {
    secret::random::<32>().map(|bytes| Digest::of_bytes(&bytes).to_string())
}
