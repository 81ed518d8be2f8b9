//! What happens, and what comes of it: each beginning with its follow-up of hours and weeks.

use serde_json::{Value, json};
use waymark_core::event::{EventId, Stamp};

use crate::mix::{CENTRAL, DAY_MS, HOUR_MS, MANAGER, Mix, SECURITY};
use crate::words::{DONE, GROUPS, PEOPLE, SAID, TOWNS, Town};

impl Mix {
    /// One beginning, drawn by how often such things are written down.
    pub fn something_happens(&mut self) {
        let (town, at) = (self.pick(&TOWNS), self.moment());
        match self.random.below(200) {
            0..=79 => self.heard(town, at),
            80..=114 => drop(self.threat(town, at, None, 0)),
            115..=130 => drop(self.incident(town, at, None, 0)),
            131..=150 => self.risk(town, at),
            151..=179 => self.consulted(town, at),
            180..=186 => self.level(town, at),
            187..=196 => self.acceptance(town, at),
            _ => self.investigation(at),
        }
    }

    fn words(&mut self) -> String {
        let (one, two) = (self.pick(&SAID), self.pick(&SAID));
        format!("{one}. {two}.")
    }

    /// A form about an item, in most cases.
    fn about(&mut self, (id, depth): (EventId, u8), form: &str, at: Stamp, who: usize, mut data: Value) {
        data["record"] = json!(id.to_string());
        self.write(form, at, who, depth + 1, data);
    }

    fn update(&mut self, item: (EventId, u8), form: &str, at: Stamp, who: usize) {
        if self.chance(12) {
            let translation = self.words();
            let at = self.after(at, DAY_MS);
            self.about(item, "update", at, who, json!({"form": form, "translation": translation}));
        }
    }

    fn heard(&mut self, town: Town, at: Stamp) {
        let kinds = ["warning", "rumour", "observation", "question", "suggestion", "complaint", "thanks"];
        let (kind, who, words) = (self.pick(&kinds), self.traveller(), self.words());
        let danger = self.pick(&["low", "medium", "high", "unknown"]);
        let data = json!({"feedback": kind, "words": words, "place": self.place(town), "danger": danger,
            "heard_by": "conversation", "happened": at.plus_ms(-HOUR_MS).to_string()});
        let Some(id) = self.write("heard", at, who, 0, data) else { return };
        self.update((id, 0), "heard", at, who);
        if self.chance(70) {
            let (at, answer) = (self.after(at, 2 * DAY_MS), self.pick(&DONE));
            self.about((id, 0), "answered", at, who, json!({"answer": answer}));
        }
        if kind == "warning" && self.chance(40) {
            let at = self.after(at, HOUR_MS);
            self.threat(town, at, Some(id), 1);
        }
    }

    fn threat(&mut self, town: Town, at: Stamp, of: Option<EventId>, depth: u8) -> Option<EventId> {
        let (who, words) = (self.traveller(), self.words());
        let channel = self.pick(&["face_to_face", "call", "sms", "letter", "rumour"]);
        let mut data = json!({"words": words, "channel": channel, "target": "convoy",
            "place": self.place(town), "target_name": format!("Convoy {}", self.random.below(60)),
            "happened": at.plus_ms(-HOUR_MS).to_string()});
        if self.chance(40) {
            data["deadline"] = json!(self.after(at, 2 * DAY_MS).to_string());
        }
        if self.chance(5) {
            data["sensitive"] = json!(true);
        }
        if let Some(of) = of {
            data["of"] = json!(of.to_string());
        }
        let id = self.write("threat", at, who, depth, data)?;
        self.judge((id, depth), at);
        self.update((id, depth), "threat", at, who);
        if self.chance(15) {
            self.link((id, depth), town, at);
        }
        self.threats.push((id, town));
        if self.chance(25) {
            let at = self.after(at, 3 * DAY_MS);
            self.incident(town, at, Some(id), depth + 1);
        }
        if self.chance(20) {
            self.action(id, at, depth + 1);
        }
        Some(id)
    }

    fn judge(&mut self, threat: (EventId, u8), at: Stamp) {
        let count = self.random.below(4);
        for judge in [MANAGER, SECURITY, CENTRAL].into_iter().take(count) {
            let (likelihood, impact) = (1 + self.random.below(5), 1 + self.random.below(5));
            let (at, conclusion) = (self.after(at, 6 * HOUR_MS), self.words());
            let data = json!({"source": "B", "information": "3", "likelihood": likelihood, "impact": impact,
                "conclusion": conclusion});
            self.about(threat, "evaluation", at, judge, data);
        }
        if self.chance(85) {
            let outcomes = ["carried_out", "not_carried_out", "not_carried_out", "averted_by", "unknown"];
            let (at, outcome) = (self.after(at, 8 * DAY_MS), self.pick(&outcomes));
            let mut data = json!({"outcome": outcome});
            if outcome == "averted_by" {
                data["measure"] = json!(self.pick(&DONE));
            }
            self.about(threat, "threat_end", at, SECURITY, data);
        }
    }

    /// To an earlier threat about the same town.
    fn link(&mut self, (id, depth): (EventId, u8), town: Town, at: Stamp) {
        let other = self.threats.iter().rev().find(|(_, there)| there.0 == town.0).map(|(other, _)| *other);
        let Some(other) = other else { return };
        let data = json!({"from": other.to_string(), "to": id.to_string(), "relation": "supports"});
        let at = self.after(at, DAY_MS);
        // The other one may itself be of any depth.
        self.write("link", at, MANAGER, depth.max(2) + 1, data);
    }

    fn incident(&mut self, town: Town, at: Stamp, of: Option<EventId>, depth: u8) -> Option<EventId> {
        let (who, what) = (self.traveller(), self.words());
        let means = self.pick(&["near_miss", "robbery", "carjacking", "threat_or_harassment", "S"]);
        let mut data = json!({"what": what, "means": means, "place": self.place(town), "wounded": 1,
            "happened": at.plus_ms(-HOUR_MS).to_string(), "course": self.words()});
        if let Some(of) = of {
            data["of"] = json!(of.to_string());
        }
        let id = self.write("incident", at, who, depth, data)?;
        self.update((id, depth), "incident", at, who);
        for _ in 0..self.random.below(3) {
            let loss = self.pick(&["vehicles", "commodities", "wounded", "delayed", "none_averted"]);
            let measure = self.pick(&DONE);
            let data = json!({"loss": loss, "number": 1, "measure": measure, "of": id.to_string()});
            let at = self.after(at, HOUR_MS);
            self.write("loss", at, who, depth + 1, data);
        }
        for _ in 0..self.random.below(3) {
            self.action(id, at, depth + 1);
        }
        if self.chance(15) {
            let data = json!({"what": self.words(), "proposal": self.pick(&DONE), "sector": "protection",
                "of": id.to_string()});
            let at = self.after(at, 10 * DAY_MS);
            self.write("finding", at, MANAGER, depth + 1, data);
        }
        if self.chance(70) {
            let at = self.after(at, 20 * DAY_MS);
            self.about((id, depth), "incident_end", at, SECURITY, json!({"warned": "no"}));
        }
        Some(id)
    }

    fn action(&mut self, of: EventId, at: Stamp, depth: u8) {
        let kind = self.pick(&["recommendation", "protection_upgrade", "medical_care", "asset_recovery"]);
        let (due, owner) = (self.after(at, 10 * DAY_MS), self.pick(&PEOPLE));
        let data = json!({"action": kind, "what": self.pick(&DONE), "owner": {"name": owner},
            "due": due.to_string(), "of": of.to_string()});
        let at = self.after(at, 12 * HOUR_MS);
        let Some(id) = self.write("action", at, MANAGER, depth, data) else { return };
        if self.chance(75) {
            let (at, who, evidence) = (self.after(at, 5 * DAY_MS), self.traveller(), self.pick(&DONE));
            self.about((id, depth), "done", at, who, json!({"evidence": evidence}));
            if self.chance(60) {
                let at = self.after(at, 3 * DAY_MS);
                self.about((id, depth), "verified", at, SECURITY, json!({"holds": "yes"}));
            }
        }
    }

    fn risk(&mut self, town: Town, at: Stamp) {
        let (likelihood, impact) = (1 + self.random.below(5), 1 + self.random.below(5));
        let category = self.pick(&["armed_conflict", "crime", "civil_unrest", "hazards"]);
        let mut data = json!({"what": self.words(), "category": category, "area": town.0,
            "place": self.place(town), "likelihood": likelihood, "impact": impact, "trend": "steady"});
        let Some(id) = self.write("risk", at, MANAGER, 0, data.clone()) else { return };
        if self.chance(30) {
            self.action(id, at, 1);
        }
        if self.chance(40) {
            data["of"] = json!(id.to_string());
            let at = self.after(at, 60 * DAY_MS);
            self.write("risk", at, MANAGER, 1, data);
        }
    }

    fn consulted(&mut self, town: Town, at: Stamp) {
        let stakeholder = format!("{} of {}", self.pick(&GROUPS), town.0);
        let (influence, perception) = (1 + self.random.below(5), 1 + self.random.below(5));
        let messages = [self.pick(&["impartial", "who_we_are", "not_armed"]), "how_to_complain"];
        let data = json!({"stakeholder": stakeholder, "said": self.words(), "place": self.place(town),
            "influence": influence, "perception": perception, "messages": messages});
        let who = self.traveller();
        self.write("consulted", at, who, 0, data);
    }

    fn level(&mut self, town: Town, at: Stamp) {
        let level = self.pick(&["low", "moderate", "substantial", "high"]);
        let data = json!({"area": town.0, "level": level, "reason": self.words(), "place": self.place(town)});
        self.write("level", at, SECURITY, 0, data);
    }

    fn acceptance(&mut self, town: Town, at: Stamp) {
        let mut data = json!({"area": town.0, "signals": [self.pick(&["warned_us", "came_to_us"])]});
        for name in ["consent", "stake", "design", "impartial", "culture"] {
            data[name] = json!(self.random.below(6));
        }
        self.write("acceptance", at, MANAGER, 0, data);
    }

    fn investigation(&mut self, at: Stamp) {
        let leader = self.pick(&PEOPLE);
        let data = json!({"scope": self.words(), "into": "mitigation", "leader": {"name": leader}});
        self.write("investigation", at, CENTRAL, 0, data);
    }
}
