//! Handing over what is carried for others, once there is a network.

use std::rc::Rc;

use leptos::task::spawn_local;
use waymark_core::backend::bundles::{self, HandAnswer, Handed};
use waymark_core::carry::{CarriedParcel, CarryStore as _, SignedReceipts};
use waymark_core::event::Digest;

use super::Courier;
use crate::actions::open_carry;
use crate::browser::channel::Word;
use crate::browser::{clock, http, network};

impl Courier {
    /// Gives the server what is carried, in as many requests as it takes; `all`: also what it would not have before.
    pub fn hand_over_carried(self: &Rc<Self>, all: bool) {
        let reachable = network::is_online() && self.has_server() && self.session.borrow().is_some();
        if self.handing.get() || !reachable {
            return;
        }
        self.handing.set(true);
        let this = Rc::clone(self);
        spawn_local(async move {
            let settled = this.hand_over(all).await;
            this.handing.set(false);
            if settled && let Some(app) = this.app.get() {
                open_carry(app).await;
                this.tell_others(Word::Changed);
            }
        });
    }

    /// Whether the server has said anything about any of it.
    async fn hand_over(&self, all: bool) -> bool {
        let mut settled = false;
        loop {
            let Ok(mut carried) = self.store.carried().await else { return settled };
            carried.retain(|parcel| all && !settled || parcel.trouble.is_none());
            let session = self.session.borrow().clone();
            let Some(session) = session.filter(|_| !carried.is_empty()) else { return settled };
            let request = bundles::hand_over(&session, bundles::first(&carried));
            let answer = bundles::read_hand_over(http::fetch(&request, None).await);
            let HandAnswer::Handed(handed) = answer else { return settled };
            let before = waiting(&carried);
            if self.take_answer(&handed).await.is_none() {
                return settled;
            }
            let Ok(mut left) = self.store.carried().await else { return settled };
            left.retain(|parcel| parcel.trouble.is_none());
            settled = true;
            // What is not decided is tried again at the next contact, not at once.
            if waiting(&left) >= before {
                return settled;
            }
        }
    }

    async fn take_answer(&self, handed: &Handed) -> Option<()> {
        let (mut receipts, mut troubles) = (vec![], vec![]);
        for parcel in &handed.parcels {
            match (&parcel.receipts, &parcel.code) {
                (Some(signed), _) => receipts.extend(SignedReceipts::read(signed, &handed.server_key)),
                (None, code) => troubles.push((parcel.digest, code.clone().unwrap_or_default())),
            }
        }
        let troubles: &[(Digest, String)] = &troubles;
        self.store.settle_carried(&receipts, troubles, clock::now()).await.ok()
    }
}

fn waiting(parcels: &[CarriedParcel]) -> usize {
    parcels.iter().map(|parcel| parcel.lines.len()).sum()
}
