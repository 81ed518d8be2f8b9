//! A check-in made under threat shows as one to those who watch, and to nobody who may be under that threat: not on the
//! phone of its author, not on one that travels along.

use waymark_core::event::{Body, EventId, UserId};
use waymark_core::sync::{LocalStore, Session};
use waymark_core::view::movement::Report;
use waymark_core::view::{Movement, RecordView, StepKind};

use crate::services::Services;

fn may_know(session: Option<&Session>, author: &UserId, along: bool) -> bool {
    session.is_some_and(|session| session.role.watches() && *author != session.user) && !along
}

/// Takes the sign out of a record where it must not show. What cannot be found out counts as a reason not to show it.
pub(super) async fn hide_in_record(services: &Services, view: &mut RecordView, author: &UserId) {
    let movement = view.movement();
    let Some(Body::CheckinMade(made)) = view.body.as_mut().filter(|body| is_sign(body)) else { return };
    let session = services.session();
    let along = match (&session, movement) {
        (Some(session), Some(id)) => travels(services, id, &session.user).await,
        _ => false,
    };
    made.duress = may_know(session.as_ref(), author, along);
    if !made.duress {
        view.steps.retain(|step| !matches!(step.kind, StepKind::Tried(_)));
    }
}

fn is_sign(body: &Body) -> bool {
    matches!(body, Body::CheckinMade(made) if made.duress)
}

/// By what the store holds: a movement that is closed is on no screen any more.
async fn travels(services: &Services, id: EventId, me: &UserId) -> bool {
    let Ok(held) = services.store.of_movements(&[id]).await else { return true };
    let reports: Vec<Report> = held.iter().flatten().filter_map(|held| Report::held(held, "")).collect();
    Movement::fold(id, &reports).is_some_and(|movement| movement.ever_travelled(me))
}

/// Folds the movement without the signs that must not show.
pub(super) fn fold(services: &Services, id: EventId, mut reports: Vec<Report>) -> Option<Movement> {
    let movement = Movement::fold_here(id, &reports)?;
    if !movement.alarms.iter().any(|alarm| alarm.duress) {
        return Some(movement);
    }
    let session = services.session();
    let along = session.as_ref().is_some_and(|session| movement.ever_travelled(&session.user));
    for report in &mut reports {
        let author = report.by.user.clone();
        if let Body::CheckinMade(made) = &mut report.body {
            made.duress = made.duress && may_know(session.as_ref(), &author, along);
        }
    }
    Movement::fold_here(id, &reports)
}
