//! How much room there is.

use std::path::Path;

/// Bytes that this process may still fill on the disk that holds `path`, or will hold it; `None` where that cannot be
/// found out.
#[cfg(unix)]
pub fn free(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|part| part.exists()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub fn free(_: &Path) -> Option<u64> {
    None
}
