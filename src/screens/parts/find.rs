use leptos::prelude::*;
use waymark_core::view::chain::Item;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::ui::Field;
use crate::words;

/// Words that the items of a list are to have; the list that is shown is the one that is exported.
#[derive(Clone, Copy)]
pub struct Find(RwSignal<String>);

impl Find {
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// Those that have the words that were typed; tracks.
    pub fn among(self, all: Memo<Vec<Item>>) -> Memo<Vec<Item>> {
        memo(move || {
            let wanted = self.0.get();
            all.with(|all| all.iter().filter(|item| item.has_words(&wanted)).cloned().collect())
        })
    }
}

#[component]
pub fn FindField(find: Find) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Field name="find" label=words!(i18n, chain.find) hint=words!(i18n, chain.find_hint) value=find.0 />
    }
    .into_any()
}
