//! What processes use, as Linux tells it (proc(5)).

use std::fs;

/// Of a second: `USER_HZ` is 100 wherever Linux runs.
const TICKS: f64 = 100.0;

/// Processor time of a process, in seconds.
pub fn cpu(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |stat| stat.own)
}

/// Processor time of a process and all its children, those that ended as well, in seconds.
pub fn cpu_with_children(pid: u32) -> f64 {
    let all = fs::read_dir("/proc").expect("/proc, as on Linux").flatten();
    let all = all.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?));
    let children: f64 = all.filter(|stat| stat.parent == pid).map(|stat| stat.own).sum();
    stat(pid).map_or(0.0, |stat| stat.own + stat.ended) + children
}

pub fn parent(pid: u32) -> Option<u32> {
    stat(pid).map(|stat| stat.parent)
}

/// The memory that a process has, and the most it ever had, in MiB (`VmRSS`, `VmHWM`).
pub fn memory(pid: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse::<f64>().ok()
    };
    (field("VmRSS:").unwrap_or_default() / 1_024.0, field("VmHWM:").unwrap_or_default() / 1_024.0)
}

/// The load of the last minute, in processes.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

struct Stat {
    parent: u32,
    own: f64,
    ended: f64,
}

fn stat(pid: u32) -> Option<Stat> {
    read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of a program may hold blanks and brackets: fields are counted from the last bracket.
fn read(text: &str) -> Option<Stat> {
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: (ticks(11)? + ticks(12)?) / TICKS,
        ended: (ticks(13)? + ticks(14)?) / TICKS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_shifts_nothing() {
        let line = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 20 30 20 0 4 0 99";
        let stat = read(line).unwrap();
        assert_eq!(stat.parent, 7);
        assert!((stat.own - 2.0).abs() < 1e-9 && (stat.ended - 0.5).abs() < 1e-9);
    }
}
