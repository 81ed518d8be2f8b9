//! Records that travel by hand: bundles that phones give each other without a network, and the way of their receipts
//! back (docs/decisions/carry.md).
//!
//! A [`Bundle`] holds [`Parcel`]s, each signed by the device whose records are in it, and [`Receipts`](SignedReceipts)
//! signed by a server. Whoever carries a parcel hands it on as it is: what they change is seen.

mod base45;
mod bundle;
pub mod frames;
mod manifest;
pub mod qr;
mod read;
mod receipts;
mod signing;
mod store;
mod trust;

pub use bundle::{MEDIA_TYPE, Outgoing, Own, file_name, write, write_parcels};
pub use manifest::{Certificate, Manifest, Parcel, Piece};
pub use read::{Bundle, BundleError, MAX_BYTES, MAX_RECORDS, parse};
pub use receipts::{ParcelReceipts, SignedReceipts, settlement};
pub use signing::{SignedText, SigningKey};
pub use store::{
    CarriedParcel, CarryKeys, CarryStore, KEEP_RETURNS_MS, KnownKey, Returned, Taken, Taking, may_show,
    record_of, settled, travels,
};
pub use trust::{Trust, Voucher};

#[cfg(test)]
mod tests;
