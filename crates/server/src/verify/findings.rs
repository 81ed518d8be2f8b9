use std::fmt::Write as _;

use serde::Serialize;
use waymark_core::event::OrgId;

/// Something that is not as this version would have stored it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// `None` for the database as a whole.
    pub org: Option<OrgId>,
    /// A stable word for the kind of fault.
    pub code: &'static str,
    /// Which record, movement, file.
    pub at: String,
    /// In words, without contents of records.
    pub detail: String,
}

/// What was looked at in one organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Looked {
    pub org: String,
    pub records: usize,
    /// The newest place of the feed.
    pub newest: i64,
    pub conflicts: usize,
    pub movements: usize,
    /// Items of the chain, with all that is said about them.
    pub chain: usize,
    pub photos: usize,
    /// Named by a record, and not sent yet.
    pub photos_awaited: usize,
    pub packs: usize,
}

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    pub organisations: Vec<Looked>,
    pub faults: Vec<Fault>,
    #[serde(skip)]
    org: Option<OrgId>,
}

/// So many faults of one kind are listed; with `--json`, all are.
const LISTED: usize = 20;

impl Findings {
    /// Faults from now on are of this organisation.
    pub fn begin(&mut self, org: &OrgId) {
        self.org = Some(org.clone());
    }

    pub fn fault(&mut self, code: &'static str, at: impl Into<String>, detail: impl Into<String>) {
        let (at, detail) = (at.into(), detail.into());
        self.faults.push(Fault { org: self.org.clone(), code, at, detail });
    }

    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text: String = self.organisations.iter().map(looked).collect();
        let mut listed: Vec<(&Option<OrgId>, &str, usize)> = vec![];
        for fault in &self.faults {
            let kind = (&fault.org, fault.code);
            let seen = match listed.iter_mut().find(|(org, code, _)| (*org, *code) == kind) {
                Some((_, _, seen)) => seen,
                None => &mut listed.push_mut((&fault.org, fault.code, 0)).2,
            };
            *seen += 1;
            if *seen <= LISTED {
                text += &line(fault);
            }
        }
        for (org, code, seen) in listed.iter().filter(|(.., seen)| *seen > LISTED) {
            let org = org.as_ref().map_or("database", |org| &org.0);
            let _ = writeln!(text, "FAULT {org}  {code}  and {} more", seen - LISTED);
        }
        if self.is_good() {
            text += "no faults\n";
        }
        text
    }
}

fn looked(looked: &Looked) -> String {
    let Looked { org, records, newest, conflicts, movements, chain, photos, photos_awaited, packs } = looked;
    let mut text = format!(
        "{org}: {records} records up to place {newest}, {movements} movements, {chain} in the chain, \
         {photos} photos, {packs} pack versions\n"
    );
    if *conflicts > 0 {
        let _ = writeln!(text, "{org}: {conflicts} second versions of records are kept aside");
    }
    if *photos_awaited > 0 {
        let _ = writeln!(text, "{org}: {photos_awaited} photos that records name have not been sent yet");
    }
    text
}

fn line(fault: &Fault) -> String {
    let Fault { org, code, at, detail } = fault;
    let org = org.as_ref().map_or("database", |org| &org.0);
    let at = if at.is_empty() { String::new() } else { format!("{at}: ") };
    format!("FAULT {org}  {code}  {at}{detail}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_faults_of_one_kind_are_counted() {
        let mut findings = Findings::default();
        findings.begin(&"acme".into());
        for n in 0..25 {
            findings.fault("digest", format!("record {n}"), "it is another one");
        }
        let text = findings.text();
        assert_eq!(text.lines().count(), 21, "{text}");
        assert!(text.ends_with("FAULT acme  digest  and 5 more\n"), "{text}");
        assert_eq!(Findings::default().text(), "no faults\n");
    }
}
