use super::{BundleError, Certificate, KnownKey, Parcel};
use crate::event::OrgId;
use crate::guidance::Key;

/// What is known here of who signs what.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    pub org: &'a OrgId,
    /// The key of the server that this phone is enrolled with.
    pub server: Option<&'a Key>,
    /// Keys that somebody here has compared by voice, or that were vouched for before.
    pub known: &'a [KnownKey],
}

/// Why a parcel is believed to be of the device that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voucher {
    /// The server has said so.
    Server(Certificate),
    /// Its key is known here.
    Known,
    /// Nothing speaks for it or against it: the key is to be compared by voice.
    Nobody,
}

impl Trust<'_> {
    /// Whether a parcel is of the device that it names, as far as is known here.
    ///
    /// # Errors
    /// It is of another organisation, or what is known speaks against it.
    pub fn judge(&self, parcel: &Parcel) -> Result<Voucher, BundleError> {
        let manifest = &parcel.manifest;
        if manifest.org != *self.org {
            return Err(BundleError::ForeignOrganisation(manifest.org.clone()));
        }
        if let (Some(signed), Some(server)) = (&parcel.certificate, self.server) {
            let wrong = || BundleError::WrongCertificate(manifest.name.clone());
            let certificate = Certificate::read(signed, server).ok_or_else(wrong)?;
            let same = certificate.org == manifest.org
                && certificate.device == manifest.device
                && certificate.user == manifest.user
                && certificate.key == manifest.key;
            // A key that was known before may have been given up: the server knows.
            return if same { Ok(Voucher::Server(certificate)) } else { Err(wrong()) };
        }
        match self.known.iter().find(|known| known.device == manifest.device) {
            Some(known) if known.key == manifest.key => Ok(Voucher::Known),
            Some(_) => Err(BundleError::OtherKey { name: manifest.name.clone() }),
            None => Ok(Voucher::Nobody),
        }
    }
}
