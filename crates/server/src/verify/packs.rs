//! Standards packs, looked over as by a phone that is offered them.

use std::collections::{HashMap, HashSet};

use waymark_core::event::{Digest, OrgId};
use waymark_core::guidance::{Key, Manifest, accept, assemble};

use super::Findings;
use crate::storage::StorageError;
use crate::storage::snapshot::{Snapshot, StoredPack};

/// How many versions there are.
pub async fn look(
    snapshot: &mut dyn Snapshot,
    org: &OrgId,
    findings: &mut Findings,
) -> Result<usize, StorageError> {
    let packs = snapshot.packs(org).await?;
    let trusted = snapshot.pack_key(org).await?;
    if trusted.as_ref() != packs.last().map(|latest| &latest.key) {
        findings.fault("pack_key", "", "phones are told another key than that of the latest version");
    }
    let contents: HashSet<(i64, String)> = snapshot.pack_contents(org).await?.into_iter().collect();
    for pack in &packs {
        let at = format!("pack version {}", pack.version);
        let manifest = match manifest(pack) {
            Ok(manifest) => manifest,
            Err(why) => {
                findings.fault("pack", at, why);
                continue;
            }
        };
        let mut files: HashMap<Digest, Vec<u8>> = HashMap::new();
        let mut whole = true;
        for file in &manifest.files {
            let sha256 = file.sha256.to_string();
            let why = match snapshot.pack_file(&sha256).await? {
                None => Some("is missing".to_owned()),
                Some(_) if !contents.contains(&(pack.version, sha256)) => {
                    Some("is not offered to the organisation's phones".to_owned())
                }
                Some(bytes) => {
                    let checked =
                        Manifest::check(file, &bytes).err().map(|_| "is another content".to_owned());
                    files.insert(file.sha256, bytes);
                    checked
                }
            };
            if let Some(why) = why {
                whole = false;
                findings.fault("pack_file", &at, format!("the file {} {why}", file.path));
            }
        }
        if let Some(Err(why)) = whole.then(|| assemble(&manifest, |sha256| files.get(sha256).cloned())) {
            findings.fault("pack", at, why.to_string());
        }
    }
    Ok(packs.len())
}

fn manifest(pack: &StoredPack) -> Result<Manifest, String> {
    let key: Key = pack.key.parse().map_err(|()| "its key cannot be read")?;
    let manifest = accept(&pack.signed, &key, None).map_err(|refusal| refusal.to_string())?;
    if i64::from(manifest.version) == pack.version {
        Ok(manifest)
    } else {
        Err(format!("what is signed is version {}", manifest.version))
    }
}
