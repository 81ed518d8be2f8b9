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
#[allow(clippy::struct_excessive_bools)] // facts of which none follows from another
pub struct Facts<'a> {
    pub org: &'a OrgId,
    pub author: &'a UserId,
    /// Whether it may name a source, or refers to a record that may: see [`super::ingest::references`].
    pub protected: bool,
    /// Who wrote the record that this one is about, if it is about one.
    pub subject_author: Option<&'a UserId>,
    /// Whether it refers to a protected record that somebody else than the viewer wrote.
    pub tells_of_others: bool,
    /// Whether it is something that the viewer has to do, or about that: see [`super::ingest::addressee`].
    pub addressed: bool,
    /// Whether it is for everybody who works in its areas: see [`super::ingest::is_for_all_staff`].
    pub for_all_staff: bool,
    /// Whether the viewer travels in the movement it belongs to.
    pub crew: bool,
    /// Whether it is for those alone who stay behind: see [`super::ingest::is_kept_from_crew`].
    pub kept_from_crew: bool,
    /// The areas its author works in, and those of the record it is about; empty when none are set.
    pub areas: &'a [String],
}

/// Whether `viewer` may see the record.
///
/// Everyone sees their own records, what is said about them, what belongs to a movement they travel in, what they have to
/// do, and what is for everybody in their areas. Managers, security and central see those of their areas; a record or a viewer without areas counts as
/// everywhere, for a record that nobody sees is worse than one that a neighbouring base sees too. Protected ones are
/// for security and central, and for whoever said it; what links one's own record to a protected one of somebody else
/// is not for oneself.
pub fn may_see(viewer: &Viewer, facts: &Facts<'_>) -> bool {
    if viewer.org != *facts.org {
        return false;
    }
    let concerned = facts.crew || facts.subject_author == Some(&viewer.user);
    if facts.kept_from_crew && concerned && viewer.user != *facts.author {
        return false;
    }
    let own = viewer.user == *facts.author
        || facts.subject_author == Some(&viewer.user) && !facts.tells_of_others
        || (facts.crew || facts.addressed) && !facts.protected
        || facts.for_all_staff && !facts.protected && shares_area(viewer, facts);
    match viewer.role {
        Role::Traveller | Role::Reporter => own,
        Role::Manager => own || (shares_area(viewer, facts) && !facts.protected),
        Role::Security | Role::Central => own || facts.addressed || shares_area(viewer, facts),
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

    /// Whether `role` sees a record with these letters: `o`wn, `a`bout their own, `t`elling of others, of their `c`rew,
    /// something they have to `d`o, `f`or all, from their area (`s`hared),
    /// `p`rotected.
    fn sees(role: Role, record: &str) -> bool {
        let is = |letter: char| record.contains(letter);
        let viewer = Viewer { org: "acme".into(), user: "me".into(), role, areas: vec!["east".into()] };
        let author = UserId::from(if is('o') { "me" } else { "other" });
        let subject_author = UserId::from(if is('a') { "me" } else { "third" });
        let areas = [if is('s') { "east" } else { "west" }.to_owned()];
        let org = OrgId::from("acme");
        let facts = Facts {
            org: &org,
            author: &author,
            protected: is('p'),
            subject_author: Some(&subject_author),
            tells_of_others: is('t'),
            addressed: is('d'),
            for_all_staff: is('f'),
            crew: is('c'),
            kept_from_crew: false,
            areas: &areas,
        };
        may_see(&viewer, &facts)
    }

    #[test]
    fn the_table_of_who_sees_what() {
        //       T  R  M  S  C
        for (record, expected) in [
            ("o", [1, 1, 1, 1, 1]),
            ("a", [1, 1, 1, 1, 1]),
            ("c", [1, 1, 1, 1, 1]),
            ("cp", [0, 0, 0, 0, 0]),
            ("s", [0, 0, 1, 1, 1]),
            ("", [0, 0, 0, 0, 0]),
            ("sp", [0, 0, 0, 1, 1]),
            ("osp", [1, 1, 1, 1, 1]),
            ("ap", [1, 1, 1, 1, 1]),
            ("atp", [0, 0, 0, 0, 0]),
            ("aspt", [0, 0, 0, 1, 1]),
            ("d", [1, 1, 1, 1, 1]),
            ("dp", [0, 0, 0, 1, 1]),
            ("fs", [1, 1, 1, 1, 1]),
            ("f", [0, 0, 0, 0, 0]),
            ("fsp", [0, 0, 0, 1, 1]),
        ] {
            let seen = Role::ALL.map(|role| u8::from(sees(role, record)));
            assert_eq!(seen, expected, "{record}");
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
                tells_of_others: false,
                addressed: false,
                for_all_staff: false,
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
            tells_of_others: false,
            addressed: false,
            for_all_staff: false,
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
            tells_of_others: false,
            addressed: false,
            for_all_staff: false,
            crew: false,
            kept_from_crew: false,
            areas: &west,
        };
        assert!(may_see(&viewer, &facts));
    }
}
