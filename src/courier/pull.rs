//! Reading the feed.

use std::rc::Rc;

use leptos::task::spawn_local;
use waymark_core::backend::fetch;
use waymark_core::sync::{
    FeedAnswer, Input, LocalStore, PullCommand, PullInput, StoreError, To, Wake, pull_step,
};

use super::{Courier, live, status, talk, timer};
use crate::browser::channel::Word;
use crate::browser::clock;

impl Courier {
    pub(super) fn pull_input(self: &Rc<Self>, input: PullInput) {
        let begins = matches!(input, PullInput::Wake { .. } | PullInput::Tick { .. });
        let state = self.pull.take();
        // Nothing comes from there: nothing is asked, written, or taken for a sign of life.
        if begins && !self.home().destination.kind.capabilities().feed {
            return;
        }
        let (state, commands) = pull_step(state, input);
        self.pull.replace(state);
        for command in commands {
            self.perform_pull(command);
        }
        status::show(self);
    }

    fn perform_pull(self: &Rc<Self>, command: PullCommand) {
        let this = Rc::clone(self);
        // What comes back is taken up only for whom it was asked: whoever joined another organisation meanwhile, or changed the
        // home, reads anew.
        match command {
            PullCommand::Fetch => spawn_local(async move { this.fetch().await }),
            PullCommand::Apply(page) => spawn_local(async move {
                let more = page.more;
                let asked = this.asked.borrow().clone();
                let stored = this.store.apply(asked.as_ref(), &page).await;
                let news = matches!(stored, Ok(Some(1..)));
                this.stale.arrived(&page.records);
                this.stored(stored.map(|new| new.is_none() || more));
                if news {
                    this.refresh_soon();
                    this.tell_others(Word::Changed);
                }
            }),
            PullCommand::AdoptEpoch(epoch) => spawn_local(async move {
                let asked = this.asked.borrow().clone();
                let put_back = this.store.adopt_epoch(To::HOME, asked.as_ref(), &epoch).await;
                this.stale.all();
                this.stored(put_back.map(|_| true));
                let wake = Input::Wake { why: Wake::Background, now: clock::now() };
                this.home().input(&this, wake);
                this.refresh_soon();
            }),
            PullCommand::WakeAt(at) => {
                let this = self.later();
                let timer = timer(at.ms_since(clock::now()), move || {
                    this(&|courier| courier.pull_input(PullInput::Tick { now: clock::now() }));
                });
                self.pull_timer.replace(Some(timer));
            }
        }
    }

    async fn fetch(self: &Rc<Self>) {
        // Another tab may have joined elsewhere: what is asked for is asked as the one that the store knows.
        let Ok(meta) = self.store.meta().await else {
            self.pull_input(PullInput::StoreFailed { now: clock::now(), jitter: clock::jitter() });
            return;
        };
        let answer = match self.follow(meta.session.clone()) {
            Some(session) => {
                let reader = meta.reader();
                self.asked.replace(Some(reader.clone()));
                let home = meta.home();
                let Some(dialogue) = fetch(&home, &session, meta.epoch.as_ref(), &meta.cursor) else {
                    // The home was changed to one from which nothing comes.
                    self.pull.take();
                    return;
                };
                let answer = talk(dialogue, None).await;
                // Meanwhile it may have been asked for somebody else, or elsewhere: what comes of that is what counts.
                if self.asked.borrow().as_ref() != Some(&reader) {
                    return;
                }
                live::polled(self, &home, matches!(answer, FeedAnswer::Page(_)));
                answer
            }
            None => FeedAnswer::SignIn,
        };
        if matches!(answer, FeedAnswer::Page(_) | FeedAnswer::EpochChanged(_)) {
            status::heard(self);
        }
        self.pull_input(PullInput::Answered { answer, now: clock::now(), jitter: clock::jitter() });
    }

    fn stored(self: &Rc<Self>, more: Result<bool, StoreError>) {
        let more = more.ok();
        self.pull_input(match more {
            Some(more) => PullInput::Stored { more },
            None => PullInput::StoreFailed { now: clock::now(), jitter: clock::jitter() },
        });
    }
}
