use waymark_core::event::{OrgId, UserId};
use waymark_core::rules::Role;
use waymark_core::sync::Session;

/// Who is signed in; without the credential, which stays in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub org: OrgId,
    pub org_name: String,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub areas: Vec<String>,
    pub device: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionState {
    /// The store has not answered yet.
    Loading,
    SignedOut,
    SignedIn(Person),
}

impl From<&Session> for Person {
    fn from(session: &Session) -> Self {
        Self {
            org: session.org.clone(),
            org_name: session.org_name.clone(),
            user: session.user.clone(),
            name: session.name.clone(),
            role: session.role,
            areas: session.areas.clone(),
            device: session.device.to_string(),
        }
    }
}
