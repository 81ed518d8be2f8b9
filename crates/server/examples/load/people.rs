//! Organisations and enrolled devices, made straight in the database: enrolment is not what is measured.

use std::sync::Arc;

use waymark_core::rules::Role;
use waymark_core::sync::Session;
use waymark_server::clock;
use waymark_server::secret::{self, EnrolmentCode, SecretHash, Token};
use waymark_server::storage::{Caller, Enrolling, Enrolment, NewCode, Org, Storage};

pub const AREAS: usize = 10;

/// The person's role and areas, for the so-manieth phone of an organisation. Of fifty, one is a manager of one area, five
/// report, the others travel; one in each organisation is its security and one its central office.
pub fn post(n: usize) -> (Role, Vec<String>) {
    let area = |n: usize| vec![format!("area{}", n % AREAS)];
    match n {
        1 => (Role::Security, vec![]),
        2 => (Role::Central, vec![]),
        _ if n.is_multiple_of(50) => (Role::Manager, area(n / 50)),
        _ if n % 10 == 9 => (Role::Reporter, area(n)),
        _ => (Role::Traveller, area(n / 10)),
    }
}

/// Creates an organisation with so many phones.
pub async fn organisation(
    storage: Arc<dyn Storage>,
    slug: String,
    phones: usize,
    post: fn(usize) -> (Role, Vec<String>),
) -> Vec<Session> {
    let now = clock::now();
    let org = Org { slug: slug.as_str().into(), name: slug };
    storage.create_org(&org, now).await.unwrap();
    let mut codes = vec![];
    for n in 0..phones {
        let hash = EnrolmentCode::random().unwrap().hash();
        let (role, areas) = post(n);
        let expires = now.plus_ms(3_600_000);
        codes.push(NewCode { hash, org: org.slug.clone(), role, areas, expires, device: None });
    }
    storage.add_codes(&codes, now).await.unwrap();
    let mut sessions = vec![];
    for (n, code) in codes.iter().enumerate() {
        sessions.push(enrol(&*storage, code.hash, format!("Person {n}")).await);
    }
    sessions
}

async fn enrol(storage: &dyn Storage, code: SecretHash, name: String) -> Session {
    let token = Token::random().unwrap();
    let enrolment = Enrolment {
        code,
        name: name.clone(),
        former: None,
        key: None,
        new_device: secret::device_id().unwrap().as_str().into(),
        new_user: secret::user_id().unwrap().as_str().into(),
        new_token: token.hash(),
    };
    let Enrolling::Enrolled { caller, org_name } = storage.enrol(&enrolment, clock::now()).await.unwrap()
    else {
        panic!("a fresh code was refused");
    };
    Session {
        org: caller.org,
        org_name,
        user: caller.user,
        name,
        role: caller.role,
        areas: caller.areas,
        device: caller.device,
        token: token.into_text(),
    }
}

/// As the server knows who asks.
pub fn caller(session: &Session) -> Caller {
    let Session { org, device, user, role, areas, .. } = session.clone();
    Caller { org, device, user, role, areas }
}
