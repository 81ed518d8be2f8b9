//! What travels by hand, in the [`MemoryStore`].

use std::collections::BTreeMap;

use super::memory_store::{Disk, MemoryStore, Row};
use crate::carry::{
    CarriedParcel, CarryKeys, CarryStore, KEEP_RETURNS_MS, KnownKey, Parcel, Returned, SignedReceipts,
    SignedText, Taken, Taking, Voucher, may_show, record_of, settled, travels,
};
use crate::event::{Digest, Event, EventId, Stamp};
use crate::guidance::Key;
use crate::sync::{StoreError, To};

/// See [`Disk`].
#[derive(Debug, Clone, Default)]
pub struct CarryDisk {
    pub keys: CarryKeys,
    /// By the parcel's digest.
    pub parcels: BTreeMap<Digest, CarriedParcel>,
    /// What waits: the parcel it belongs to, the digest of its data, and its line.
    pub lines: BTreeMap<EventId, (Digest, Digest, String)>,
    pub returned: BTreeMap<Digest, Returned>,
}

impl Disk {
    fn take_in(&mut self, taking: &Taking) -> Taken {
        let mut taken = Taken::default();
        for (parcel, voucher) in &taking.parcels {
            let name = Taking::name(parcel, voucher).to_owned();
            let manifest = &parcel.manifest;
            self.carry.keys.learn(KnownKey {
                device: manifest.device.clone(),
                name: name.clone(),
                key: manifest.key,
            });
            for (event, line) in &parcel.records {
                self.take_in_one(taking, (parcel, voucher), &name, (event, line), &mut taken);
            }
        }
        self.note_returned(&taking.receipts, taking.at);
        taken
    }

    fn take_in_one(
        &mut self,
        taking: &Taking,
        (parcel, voucher): (&Parcel, &Voucher),
        name: &str,
        (event, line): (&Event, &String),
        taken: &mut Taken,
    ) {
        if self.events.contains_key(&event.id) || self.carry.lines.contains_key(&event.id) {
            taken.known += 1;
            return;
        }
        let digest = parcel.digest();
        let head = CarriedParcel::of(parcel, name, taking.at);
        self.carry.parcels.entry(digest).or_insert(head);
        self.carry.lines.insert(event.id, (digest, event.digest, line.clone()));
        let row = Row::new(record_of(event.clone(), name, taking.at), false);
        let about_own = row.about().and_then(|id| self.events.get(&id)).is_some_and(|row| row.own);
        let in_movement = row.movement().is_some_and(|id| self.events.contains_key(&id));
        if !may_show(&taking.viewer, event, voucher, about_own, in_movement) {
            taken.unseen += 1;
            return;
        }
        taken.new += 1;
        self.events.insert(event.id, row);
        self.judge(event.id);
        self.judge_subject(event.id);
    }

    fn note_returned(&mut self, receipts: &[SignedReceipts], at: Stamp) {
        for receipts in receipts {
            let digest = Digest::of_bytes(receipts.signed.text.as_bytes());
            let fresh = Returned { receipts: receipts.clone(), taken: at };
            self.carry.returned.entry(digest).or_insert(fresh);
            for (id, digest) in settled(receipts) {
                if self.carry.lines.get(&id).is_some_and(|(_, held, _)| *held == digest) {
                    self.carry.lines.remove(&id);
                }
            }
        }
        let lines = &self.carry.lines;
        self.carry.parcels.retain(|parcel, _| lines.values().any(|(of, ..)| of == parcel));
        self.carry.returned.retain(|_, returned| at.ms_since(returned.taken) < KEEP_RETURNS_MS);
    }
}

impl CarryStore for MemoryStore {
    async fn carry_keys(&self) -> Result<CarryKeys, StoreError> {
        Ok(self.look(|disk| disk.carry.keys.clone()))
    }

    async fn signing_secret(&self, fresh: &str) -> Result<String, StoreError> {
        self.write(|disk| disk.carry.keys.secret.get_or_insert_with(|| fresh.to_owned()).clone())
    }

    async fn certify(&self, server: &Key, certificate: &SignedText) -> Result<(), StoreError> {
        self.write(|disk| {
            disk.carry.keys.server = Some(*server);
            disk.carry.keys.certificate = Some(certificate.clone());
        })
    }

    async fn own_to_carry(&self, since: Stamp) -> Result<Vec<Event>, StoreError> {
        Ok(self.look(|disk| {
            let own = disk.events.values().filter(|row| row.own).map(|row| &row.record.event);
            let waits = |id| disk.waits_for_home(id);
            let refused = |id| disk.refused.contains_key(&(id, To::HOME));
            let mut events: Vec<Event> = own
                .filter(|event| !refused(event.id) && travels(event, waits(event.id), since))
                .cloned()
                .collect();
            events.sort_by_key(|event| event.devseq);
            events
        }))
    }

    async fn take_in(&self, taking: &Taking) -> Result<Taken, StoreError> {
        self.write(|disk| disk.take_in(taking))
    }

    async fn carried(&self) -> Result<Vec<CarriedParcel>, StoreError> {
        Ok(self.look(|disk| {
            let mut parcels: Vec<CarriedParcel> = disk.carry.parcels.values().cloned().collect();
            for parcel in &mut parcels {
                let lines = disk.carry.lines.values().filter(|(of, ..)| *of == parcel.digest);
                parcel.lines = lines.map(|(_, _, line)| line.clone()).collect();
            }
            parcels.sort_by_key(|parcel| (parcel.taken, parcel.digest));
            parcels
        }))
    }

    async fn returned(&self) -> Result<Vec<Returned>, StoreError> {
        Ok(self.look(|disk| {
            let mut all: Vec<Returned> = disk.carry.returned.values().cloned().collect();
            all.sort_by_key(|returned| returned.taken);
            all
        }))
    }

    async fn settle_carried(
        &self,
        receipts: &[SignedReceipts],
        troubles: &[(Digest, String)],
        at: Stamp,
    ) -> Result<(), StoreError> {
        self.write(|disk| {
            for (digest, code) in troubles {
                if let Some(parcel) = disk.carry.parcels.get_mut(digest) {
                    parcel.trouble = Some(code.clone());
                }
            }
            disk.note_returned(receipts, at);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{block_on, carry_suite};

    #[test]
    fn it_keeps_the_promises_of_a_store_that_carries() {
        for (name, case) in carry_suite::cases::<MemoryStore>() {
            block_on(case(MemoryStore::default()));
            println!("{name}: kept");
        }
    }
}
