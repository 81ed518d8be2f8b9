//! A check-in made under threat shows as one to those who watch, and to nobody who may be under that threat: not on the
//! phone of its author, not on one that travels along.

use leptos::prelude::untrack;
use waymark_core::event::{Body, EventId, UserId};
use waymark_core::sync::Session;
use waymark_core::view::movement::Report;
use waymark_core::view::{Movement, RecordView};

use crate::services::Services;
use crate::state::AppState;

fn may_know(session: Option<&Session>, author: &UserId, along: bool) -> bool {
    session.is_some_and(|session| session.role.watches() && *author != session.user) && !along
}

/// Takes the sign out of a record where it must not show.
pub(super) fn hide_in_record(app: AppState, services: &Services, view: &mut RecordView, author: &UserId) {
    let movement = view.movement();
    let Some(Body::CheckinMade(made)) = &mut view.body else { return };
    if !made.duress {
        return;
    }
    let session = services.session();
    let travels = |session: &Session| {
        let movement = movement.and_then(|id| untrack(|| app.movements.get(id)));
        movement.is_some_and(|movement| movement.travels(&session.user))
    };
    made.duress = may_know(session.as_ref(), author, session.as_ref().is_some_and(travels));
}

/// Folds the movement without the signs that must not show.
pub(super) fn fold(services: &Services, id: EventId, mut reports: Vec<Report>) -> Option<Movement> {
    let movement = Movement::fold(id, &reports)?;
    if !movement.alarms.iter().any(|alarm| alarm.duress) {
        return Some(movement);
    }
    let session = services.session();
    let along = session.as_ref().is_some_and(|session| movement.travels(&session.user));
    for report in &mut reports {
        let author = report.by.user.clone();
        if let Body::CheckinMade(made) = &mut report.body {
            made.duress = made.duress && may_know(session.as_ref(), &author, along);
        }
    }
    Movement::fold(id, &reports)
}
