//! The people of the demo, each with a device.

use waymark_core::event::{DeviceId, Digest, OrgId, Person, Stamp, UserId};
use waymark_core::rules::Role;

use super::super::CommandError;
use crate::secret::{EnrolmentCode, Token};
use crate::storage::{Caller, Enrolling, Enrolment, NewCode, Storage};

/// Who is enrolled for whoever tries the demo.
pub const SEAT: &str = "Visitor";

pub const AMINA: &str = "Amina Ousmane";
/// A nurse, and a guard of the office at Abéché.
pub const HALIME: &str = "Halimé Tahir";
pub const OUSMANE: &str = "Ousmane Djibrine";
/// The security focal point.
pub const ZARA: &str = "Zara Mahamat";
pub const IDRISS: &str = "Idriss Mahamat";
pub const ABAKAR: &str = "Abakar Saleh";
pub const HAWA: &str = "Hawa Abdoulaye";
pub const BRAHIM: &str = "Brahim Youssouf";
pub const OUMAR: &str = "Oumar Moussa";
pub const MAHAMAT: &str = "Mahamat Nour";
pub const KHADIDJA: &str = "Khadidja Ali";
pub const SALEH: &str = "Saleh Annour";
pub const ZENABA: &str = "Zenaba Hassan";
pub const ADOUM: &str = "Adoum Hisseine";
pub const FATIME: &str = "Fatimé Abdelkerim";

const TRAVELLERS: [&str; 12] =
    [IDRISS, ABAKAR, HAWA, BRAHIM, OUMAR, MAHAMAT, KHADIDJA, SALEH, ZENABA, ADOUM, FATIME, SEAT];

const DAY_MS: i64 = 86_400_000;

/// Everyone who is enrolled.
pub struct Staff(Vec<Member>);

/// A person with their device.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: &'static str,
    pub caller: Caller,
}

impl Staff {
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.0.iter().find(|member| member.name == name)
    }

    /// Somebody as a plan names them.
    pub fn person(&self, name: &str) -> Person {
        Person { name: name.to_owned(), user: self.get(name).map(|member| member.caller.user.clone()) }
    }
}

/// The device of [`SEAT`].
pub fn seat() -> DeviceId {
    DeviceId(id('d', SEAT))
}

/// Enrols everyone, before the first thing they write. Nobody knows their credentials: only the demo writes in their names.
pub async fn enrol(storage: &dyn Storage, org: &OrgId, now: Stamp) -> Result<Staff, CommandError> {
    let then = now.plus_ms(-100 * DAY_MS);
    let people = TRAVELLERS.map(|name| (name, Role::Traveller));
    let mut staff = Vec::new();
    let base =
        [(AMINA, Role::Manager), (HALIME, Role::Reporter), (OUSMANE, Role::Reporter), (ZARA, Role::Security)];
    for (name, role) in base.into_iter().chain(people) {
        let code = EnrolmentCode::random()?;
        let expires = then.plus_ms(DAY_MS);
        let kept =
            NewCode { hash: code.hash(), org: org.clone(), role, areas: vec![], expires, device: None };
        storage.add_codes(&[kept], then).await?;
        let enrolment = Enrolment {
            code: code.hash(),
            name: name.to_owned(),
            former: None,
            key: None,
            new_device: DeviceId(id('d', name)),
            new_user: UserId(id('u', name)),
            new_token: Token::random()?.hash(),
        };
        let Enrolling::Enrolled { caller, .. } = storage.enrol(&enrolment, then).await? else {
            return Err(CommandError::Demo("somebody could not be enrolled"));
        };
        staff.push(Member { name, caller });
    }
    Ok(Staff(staff))
}

/// The same for the same name, in the form that the server gives ids.
fn id(prefix: char, name: &str) -> String {
    let digits = Digest::of_bytes(name.as_bytes()).to_string();
    std::iter::once(prefix).chain(digits.chars().take(20)).collect()
}
