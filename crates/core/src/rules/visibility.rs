//! Who may see what; the server enforces it on every feed.

use super::Role;
use crate::event::{OrgId, UserId};

/// Who is looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub org: OrgId,
    pub user: UserId,
    pub role: Role,
    /// Areas this person works in; empty means all of the organisation's.
    pub areas: Vec<String>,
}

/// What is looked at: what the server knows of a record without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts<'a> {
    pub org: &'a OrgId,
    pub author: &'a UserId,
    /// Whether it may name a source; its envelope says so, so that a server need not know the kind.
    pub protected: bool,
    /// Who wrote the record that this one is about, if it is about one.
    pub subject_author: Option<&'a UserId>,
    /// Whether the viewer travels in the movement it belongs to.
    pub crew: bool,
    /// Whether it is for those alone who stay behind: see [`super::ingest::is_kept_from_crew`].
    pub kept_from_crew: bool,
    /// The areas its author works in, and those of the record it is about; empty when none are set.
    pub areas: &'a [String],
}

/// Whether `viewer` may see the record.
///
/// Everyone sees their own records, what is said about them, and what belongs to a movement they travel in. Managers, security and central see those of their
/// areas; a record or a viewer without areas counts as everywhere, for a record that nobody sees is worse than one
/// that a neighbouring base sees too.
pub fn may_see(viewer: &Viewer, facts: &Facts<'_>) -> bool {
    if viewer.org != *facts.org {
        return false;
    }
    let concerned = facts.crew || facts.subject_author == Some(&viewer.user);
    if facts.kept_from_crew && concerned && viewer.user != *facts.author {
        return false;
    }
    let own = viewer.user == *facts.author
        || facts.subject_author == Some(&viewer.user)
        || facts.crew && !facts.protected;
    match viewer.role {
        Role::Traveller | Role::Reporter => own,
        Role::Manager => own || (shares_area(viewer, facts) && !facts.protected),
        Role::Security | Role::Central => own || shares_area(viewer, facts),
    }
}

fn shares_area(viewer: &Viewer, facts: &Facts<'_>) -> bool {
    viewer.areas.is_empty()
        || facts.areas.is_empty()
        || facts.areas.iter().any(|area| viewer.areas.contains(area))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(role: Role, [own, about_own, crew, same_area, protected]: [bool; 5]) -> bool {
        let viewer = Viewer { org: "acme".into(), user: "me".into(), role, areas: vec!["east".into()] };
        let author = UserId::from(if own { "me" } else { "other" });
        let subject_author = UserId::from(if about_own { "me" } else { "third" });
        let areas = [if same_area { "east" } else { "west" }.to_owned()];
        let org = OrgId::from("acme");
        may_see(
            &viewer,
            &Facts {
                org: &org,
                author: &author,
                protected,
                subject_author: Some(&subject_author),
                crew,
                kept_from_crew: false,
                areas: &areas,
            },
        )
    }

    #[test]
    fn the_table_of_who_sees_what() {
        //   own, about own, crew, same area, protected          T  R  M  S  C
        for (record, expected) in [
            ([true, false, false, false, false], [1, 1, 1, 1, 1]),
            ([false, true, false, false, false], [1, 1, 1, 1, 1]),
            ([false, false, true, false, false], [1, 1, 1, 1, 1]),
            ([false, false, true, false, true], [0, 0, 0, 0, 0]),
            ([false, false, false, true, false], [0, 0, 1, 1, 1]),
            ([false, false, false, false, false], [0, 0, 0, 0, 0]),
            ([false, false, false, true, true], [0, 0, 0, 1, 1]),
            ([true, false, false, true, true], [1, 1, 1, 1, 1]),
        ] {
            let seen = Role::ALL.map(|role| u8::from(sees(role, record)));
            assert_eq!(seen, expected, "{record:?}");
        }
    }

    #[test]
    fn what_is_kept_from_the_crew_is_for_those_who_stay_behind() {
        let (org, author, raised) = (OrgId::from("acme"), UserId::from("base"), UserId::from("idriss"));
        let sees = |user: &str, crew| {
            let viewer = Viewer { org: org.clone(), user: user.into(), role: Role::Central, areas: vec![] };
            let facts = Facts {
                org: &org,
                author: &author,
                protected: false,
                subject_author: Some(&raised),
                crew,
                kept_from_crew: true,
                areas: &[],
            };
            may_see(&viewer, &facts)
        };
        assert!(sees("amina", false) && sees("base", true), "whoever wrote it knows it");
        assert!(!sees("amina", true), "also who watches, as long as they travel along");
        assert!(!sees("idriss", false), "whoever raised it");
    }

    #[test]
    fn another_organisation_sees_nothing() {
        let viewer = Viewer { org: "other".into(), user: "me".into(), role: Role::Central, areas: vec![] };
        let (org, author) = (OrgId::from("acme"), UserId::from("me"));
        let facts = Facts {
            org: &org,
            author: &author,
            protected: false,
            subject_author: None,
            crew: false,
            kept_from_crew: false,
            areas: &[],
        };
        assert!(!may_see(&viewer, &facts));
    }

    #[test]
    fn without_areas_nothing_is_hidden_from_those_who_watch() {
        let viewer = Viewer { org: "acme".into(), user: "me".into(), role: Role::Manager, areas: vec![] };
        let (org, author, west) = (OrgId::from("acme"), UserId::from("you"), ["west".to_owned()]);
        let facts = Facts {
            org: &org,
            author: &author,
            protected: false,
            subject_author: None,
            crew: false,
            kept_from_crew: false,
            areas: &west,
        };
        assert!(may_see(&viewer, &facts));
    }
}
