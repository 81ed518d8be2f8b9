use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use waymark_core::guidance::Key;
use waymark_core::guidance::author::{public_key, read_secret, secret_text};

use super::PackError;
use crate::secret;

/// More than that is no key.
const MAX_BYTES: u64 = 1_024;

/// Makes a secret key and writes it to a new file, readable only by its owner; the public key.
///
/// # Errors
/// The file is there already or cannot be written.
pub fn make_key(path: &Path) -> Result<Key, PackError> {
    let seed = secret::random::<32>()?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => PackError::KeyExists(path.to_owned()),
        _ => PackError::CannotWrite { path: path.to_owned(), source },
    })?;
    let text = format!("{}\n", secret_text(&seed));
    if let Err(source) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Half a key is none, and would be in the way.
        let _ = fs::remove_file(path);
        return Err(PackError::CannotWrite { path: path.to_owned(), source });
    }
    Ok(public_key(&seed))
}

/// The secret key in a file.
///
/// # Errors
/// There is none.
pub fn read_key(path: &Path) -> Result<[u8; 32], PackError> {
    let file = File::open(path).map_err(PackError::cannot_read(path))?;
    let mut text = vec![];
    file.take(MAX_BYTES).read_to_end(&mut text).map_err(PackError::cannot_read(path))?;
    let seed = std::str::from_utf8(&text).ok().and_then(read_secret);
    seed.ok_or_else(|| PackError::NoKey(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let key = make_key(&path).unwrap();
        assert_eq!(public_key(&read_key(&path).unwrap()), key);
        assert!(matches!(make_key(&path), Err(PackError::KeyExists(_))));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let other = folder.path().join("other.key");
        assert_ne!(make_key(&other).unwrap(), key);
        assert!(matches!(make_key(&folder.path().join("no/such")), Err(PackError::CannotWrite { .. })));
    }

    #[test]
    fn what_is_no_key_is_not_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for bytes in [&b""[..], b"secret", &[b'a'; 63], &[b'g'; 64], &[b'a'; 65], &[0xff; 64], &[b'a'; 5_000]]
        {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(read_key(&path), Err(PackError::NoKey(_))), "{bytes:?}");
        }
        assert!(matches!(read_key(folder.path()), Err(PackError::CannotRead { .. })));
    }
}
