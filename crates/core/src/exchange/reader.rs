//! For whom something of the chain is made, on this phone.

use std::collections::BTreeSet;

use super::hidden::{Known, sees_all, spread};
use super::{Audience, Row};
use crate::event::{EventId, Record, UserId};
use crate::rules::Role;
use crate::view::Chain;
use crate::view::chain::{Item, Said, Status};

/// An audience, and the person of it who reads, where that is a known one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    pub audience: Audience,
    /// What they wrote themselves they may read.
    pub user: Option<UserId>,
}

impl Reader {
    /// For whom somebody may make files: for themselves; whoever sees what is protected, for managers; whoever watches,
    /// for people outside.
    pub fn choices(role: Role) -> Vec<Audience> {
        let mut all = vec![Audience::Organisation(role)];
        if matches!(role, Role::Security | Role::Central) {
            all.push(Audience::Organisation(Role::Manager));
        }
        if role.watches() {
            all.push(Audience::Outside);
        }
        all
    }

    /// `user` of this role makes it; what is for their own role is for themselves.
    pub fn new(audience: Audience, role: Role, user: &UserId) -> Self {
        let own = audience == Audience::Organisation(role);
        Self { audience, user: own.then(|| user.clone()) }
    }

    /// All of the chain that the reader may not know: items, what is said about them, links. In part it is more than the
    /// server would keep from them: an item goes as a whole.
    pub fn hidden(&self, chain: &Chain) -> BTreeSet<EventId> {
        let mut hidden = BTreeSet::new();
        if sees_all(self.audience) {
            return hidden;
        }
        let mut all = vec![];
        for item in chain.items() {
            all.push(self.known(item));
            // At its earlier end, so that each is there once.
            let from = |link: &&Said| link.filled.ends().is_some_and(|(from, _)| from == item.id);
            all.extend(chain.links(item.id).iter().filter(from).map(|link| self.known_link(link)));
        }
        spread(&mut hidden, &all, self.audience);
        hidden
    }

    fn known(&self, item: &Item) -> Known {
        let (mut ids, mut references) = (vec![item.id], item.first.references());
        references.extend(item.now.references());
        for said in item.said.iter() {
            ids.push(said.id);
            references.extend(said.filled.references());
        }
        Known { ids, references, protected: item.is_sensitive(), own: self.owns(item) }
    }

    fn known_link(&self, link: &Said) -> Known {
        let own = self.user.as_ref() == Some(&link.by.user);
        Known { ids: vec![link.id], references: link.filled.references(), protected: link.protected, own }
    }

    /// Whether they wrote it, or have to do it and it names nobody's source.
    fn owns(&self, item: &Item) -> bool {
        self.user.as_ref().is_some_and(|user| {
            let addressed = || item.owner().and_then(|owner| owner.user).as_ref() == Some(user);
            item.by.user == *user || !item.is_sensitive() && addressed()
        })
    }

    /// An item for [`super::redact`]. Without its records in `events` it can be told about, and not be exported as
    /// `CloudEvents` or CAP.
    pub fn row<'a>(&self, item: &Item, events: &'a [Record]) -> Row<'a> {
        let (likelihood, impact) = item.risk().unzip();
        Row {
            id: item.id,
            form: item.form.name.to_owned(),
            headline: item.headline().to_owned(),
            happened: item.happened(),
            reported: item.progress().reported,
            spot: item.spot(),
            filled: (*item.now).clone(),
            status: match item.status() {
                Status::Open => "open".to_owned(),
                Status::Done => "done".to_owned(),
                Status::Closed(how) => how,
                Status::Standing => "standing".to_owned(),
            },
            closed: matches!(item.status(), Status::Closed(_)),
            likelihood,
            impact,
            outcome: item.outcome().map(|outcome| outcome.code().to_owned()),
            author_name: item.by.name.clone(),
            own: self.owns(item),
            protected: item.is_sensitive(),
            exercise: item.exercise,
            external: item.first.external(),
            events,
        }
    }
}
