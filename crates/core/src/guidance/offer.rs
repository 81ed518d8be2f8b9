use std::cmp::Reverse;

use super::{Card, Moment};
use crate::order;
use crate::rules::Role;

/// More would be read by nobody.
pub const MAX_OFFERED: usize = 3;

/// The situation somebody is in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Now {
    /// What matters most stands first.
    pub moments: Vec<Moment>,
    /// Of the area (UN SLS, 1 to 6), if it is known.
    pub level: Option<u8>,
    pub role: Option<Role>,
}

/// A card that fits, and what of the situation it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered<'a> {
    pub card: &'a Card,
    pub why: Moment,
}

/// The cards that fit best, at most [`MAX_OFFERED`]. What fits a moment that stands earlier comes first; of those, what
/// fits it to the code before what fits any; of those, what fits more moments, and then what is offered more rarely.
/// What is not known, the area's level or the role, holds nothing back.
///
/// A card for this role that fits the first moment is always among them, in the last place if need be: general cards are
/// more, and would push out the one that says what only this role does.
pub fn offer<'a>(cards: &'a [Card], now: &Now) -> Vec<Offered<'a>> {
    let mut fits = vec![];
    for card in cards.iter().filter(|card| is_for(card, now)) {
        let fitting: Vec<_> =
            now.moments.iter().enumerate().filter_map(|(at, moment)| fit(card, at, moment)).collect();
        if let Some(best) = fitting.iter().min_by_key(|fit| (fit.at, fit.loose)) {
            let rank = (best.at, best.loose, Reverse(fitting.len()), card.when.len(), card.id.as_str());
            fits.push((rank, Offered { card, why: best.moment.clone() }));
        }
    }
    order::sort_by(&mut fits, |(one, _), (other, _)| one.cmp(other));
    let mut offered: Vec<_> = fits.into_iter().map(|((at, ..), offered)| (at, offered)).collect();
    let rest = offered.split_off(offered.len().min(MAX_OFFERED));
    let for_role = |(at, offered): &(usize, Offered<'_>)| *at == 0 && !offered.card.roles.is_empty();
    if now.role.is_some()
        && !offered.iter().any(for_role)
        && let (Some(last), Some(own)) = (offered.last_mut(), rest.into_iter().find(for_role))
    {
        *last = own;
    }
    offered.into_iter().map(|(_, offered)| offered).collect()
}

struct Fit<'a> {
    at: usize,
    loose: bool,
    moment: &'a Moment,
}

fn fit<'a>(card: &Card, at: usize, moment: &'a Moment) -> Option<Fit<'a>> {
    let on_axis = || card.when.iter().filter(|own| own.axis == moment.axis);
    let exact = on_axis().any(|own| own.code == moment.code && !moment.is_any());
    let loose = on_axis().any(Moment::is_any);
    (exact || loose).then_some(Fit { at, loose: !exact, moment })
}

fn is_for(card: &Card, now: &Now) -> bool {
    let level = card.level.zip(now.level).is_none_or(|(least, level)| level >= least);
    let role =
        now.role.is_none_or(|role| card.roles.is_empty() || card.roles.iter().any(|own| own == role.code()));
    level && role
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: &str, when: &[&str]) -> Card {
        let when = when.iter().map(|moment| moment.parse().unwrap()).collect();
        Card { id: id.to_owned(), when, ..Card::default() }
    }

    fn at(moments: &[&str]) -> Now {
        Now { moments: moments.iter().map(|moment| moment.parse().unwrap()).collect(), ..Now::default() }
    }

    fn ids(cards: &[Card], now: &Now) -> Vec<String> {
        offer(cards, now).iter().map(|offered| offered.card.id.clone()).collect()
    }

    #[test]
    fn what_fits_closely_stands_before_what_fits_any() {
        let cards = [
            card("threats", &["threat:any"]),
            card("call", &["threat:call", "threat:radio"]),
            card("office", &["target:premises"]),
            card("road", &["incident:robbery"]),
        ];
        assert_eq!(ids(&cards, &at(&["threat:call", "target:premises"])), ["call", "threats", "office"]);
        assert_eq!(ids(&cards, &at(&["threat:letter"])), ["threats"]);
        assert_eq!(ids(&cards, &at(&["threat:any"])), ["threats"]);
        assert_eq!(ids(&cards, &at(&["incident:shouting"])), [""; 0]);
    }

    #[test]
    fn there_are_three_at_most_and_always_the_same() {
        let mut cards: Vec<_> = ["e", "d", "c", "b"].iter().map(|id| card(id, &["emergency:any"])).collect();
        cards.push(card("a", &["emergency:any", "leg:any"]));
        assert_eq!(ids(&cards, &at(&["emergency:attack"])), ["b", "c", "d"]);
    }

    #[test]
    fn level_and_role_narrow_and_offer_nothing_by_themselves() {
        let mut high = card("high", &["leg:any"]);
        high.level = Some(4);
        let mut room = card("room", &["overdue:any"]);
        room.roles = vec!["manager".to_owned()];
        let cards = [high, room];
        let leg = |level| Now { level, ..at(&["leg:any"]) };
        assert_eq!(ids(&cards, &leg(Some(3))), [""; 0]);
        assert_eq!(ids(&cards, &leg(Some(4))), ["high"]);
        assert_eq!(ids(&cards, &leg(None)), ["high"], "nobody has rated the area");
        let overdue = |role| Now { role: Some(role), ..at(&["overdue:2"]) };
        assert_eq!(ids(&cards, &overdue(Role::Manager)), ["room"]);
        assert_eq!(ids(&cards, &overdue(Role::Traveller)), [""; 0]);
        assert_eq!(
            ids(&cards, &Now { level: Some(6), role: Some(Role::Manager), ..Now::default() }),
            [""; 0]
        );
    }

    #[test]
    fn a_card_for_the_role_is_not_pushed_out() {
        let mut room = card("room", &["emergency:any", "overdue:5"]);
        room.roles = vec!["manager".to_owned()];
        let mut late = card("late", &["target:person"]);
        late.roles = vec!["manager".to_owned()];
        let mut cards: Vec<_> = ["a", "b", "c"].iter().map(|id| card(id, &["emergency:attack"])).collect();
        cards.extend([room, late]);
        let attack = |role| Now { role, ..at(&["emergency:attack", "target:person"]) };
        assert_eq!(ids(&cards, &attack(Some(Role::Manager))), ["a", "b", "room"]);
        assert_eq!(ids(&cards, &attack(Some(Role::Traveller))), ["a", "b", "c"]);
        assert_eq!(ids(&cards, &attack(None)), ["a", "b", "c"], "whose role is not known");
        cards.retain(|card| card.id != "room");
        assert_eq!(ids(&cards, &attack(Some(Role::Manager))), ["a", "b", "c"], "only for the first moment");
        cards[0].roles = vec!["manager".to_owned()];
        cards.push(card("d", &["emergency:attack"]));
        assert_eq!(ids(&cards, &attack(Some(Role::Manager))), ["a", "b", "c"], "one is enough");
    }

    #[test]
    fn the_reason_is_the_moment_that_it_fits_best() {
        let cards = [card("call", &["threat:call", "target:person"])];
        let offered = offer(&cards, &at(&["target:person", "threat:call"]));
        assert_eq!(offered[0].why, Moment::new("target", "person"));
    }
}
