use leptos::prelude::*;

use super::state::PlanForm;
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::ui::{Text, ToolButton, focus, lu};

/// Which rows of the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Legs,
    Vehicles,
}

impl Rows {
    fn ids(self, form: PlanForm) -> RwSignal<Vec<u32>> {
        match self {
            Self::Legs => form.legs,
            Self::Vehicles => form.vehicles,
        }
    }

    fn swap(self, form: PlanForm, a: usize, b: usize) {
        self.ids(form).update(|ids| ids.swap(a, b));
        form.draft.update(|draft| match self {
            Self::Legs => draft.legs.swap(a, b),
            Self::Vehicles => draft.vehicles.swap(a, b),
        });
    }

    fn remove(self, form: PlanForm, at: usize) {
        // The draft first: a row that is gone must not read its neighbour's.
        form.draft.update(|draft| match self {
            Self::Legs => drop(draft.legs.remove(at)),
            Self::Vehicles => drop(draft.vehicles.remove(at)),
        });
        self.ids(form).update(|ids| {
            ids.remove(at);
        });
    }
}

/// Up, down, away: by thumb and by keyboard.
#[component]
pub fn RowTools(form: PlanForm, rows: Rows, id: u32, name: Text) -> impl IntoView {
    let i18n = use_i18n();
    let ids = rows.ids(form);
    let at = move || ids.with(|ids| ids.iter().position(|row| *row == id));
    let last = move || ids.with(|ids| ids.len().saturating_sub(1));
    let step = move |there: bool, own: String| {
        Callback::new(move |()| {
            let Some(here) = untrack(at) else { return };
            let other = if there { here.checked_add(1) } else { here.checked_sub(1) };
            if let Some(other) = other.filter(|other| *other <= untrack(last)) {
                rows.swap(form, here, other);
                // What is moved in the page has lost the focus.
                focus(own.clone());
            }
        })
    };
    let remove = Callback::new(move |()| {
        if let Some(here) = untrack(at) {
            rows.remove(form, here);
            let near = ids.with_untracked(|ids| ids.get(here).or_else(|| ids.last()).copied());
            if let Some(near) = near {
                focus(format!("away-{near}"));
            }
        }
    });
    let label = |text: fn(crate::i18n::I18n, String) -> String| derive(move || text(i18n, name.get()));
    let (up, down) = (format!("up-{id}"), format!("down-{id}"));
    view! {
        <div class="tools">
            <ToolButton
                id=up.clone()
                label=label(|i18n, name| crate::say!(i18n, plan.up, name = name))
                icon=lu::LuArrowUp
                on_press=step(false, up)
                idle=derive(move || at() == Some(0))
            />
            <ToolButton
                id=down.clone()
                label=label(|i18n, name| crate::say!(i18n, plan.down, name = name))
                icon=lu::LuArrowDown
                on_press=step(true, down)
                idle=derive(move || at() == Some(last()))
            />
            <ToolButton
                id=format!("away-{id}")
                label=label(|i18n, name| crate::say!(i18n, plan.remove, name = name))
                icon=lu::LuTrash2
                on_press=remove
                idle=derive(move || rows == Rows::Legs && last() == 0)
            />
        </div>
    }
    .into_any()
}
