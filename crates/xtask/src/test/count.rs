//! Counting what a test run ran: a run of nothing is not a pass.

use crate::process;
use anyhow::{Result, bail};
use std::process::Command;

pub fn run(command: &mut Command, what: &str) -> Result<()> {
    let mut passed = 0;
    process::run_watched(command, |line| passed += passed_in(line))?;
    if passed == 0 {
        bail!("no test was run: {what} has none yet");
    }
    println!("{passed} tests of {what} passed");
    Ok(())
}

/// `test result: ok. 12 passed; 0 failed; …` → 12
fn passed_in(line: &str) -> usize {
    line.split_once("test result: ")
        .and_then(|(_, result)| result.split_once(". ")?.1.split_once(" passed")?.0.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_closing_line_of_a_run() {
        assert_eq!(passed_in("test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out"), 12);
        assert_eq!(passed_in("    test result: FAILED. 3 passed; 1 failed"), 3);
        assert_eq!(passed_in("test sync::ok ... ok"), 0);
    }

    #[test]
    fn a_run_of_nothing_fails() {
        let error = run(&mut Command::new("true"), "core").unwrap_err();
        assert!(error.to_string().contains("no test was run"), "{error}");
    }
}
