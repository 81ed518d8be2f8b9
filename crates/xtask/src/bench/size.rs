//! The bytes a phone must fetch once to work offline.

use crate::app::{self, Profile};
use crate::post_build::{Release, brotli, gzip};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::fs;
use std::process::ExitCode;

/// In bytes, brotli, for everything in one language: see the budgets of experience.md.
const BUDGET: usize = 250_000;

struct Row {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub fn run(workspace: &Workspace, check: bool) -> Result<ExitCode> {
    let dist = app::build(workspace, Profile::Release)?;
    // The worker's own script is not in its list, but is fetched all the same.
    let names = Release::read(&dist)?.files.into_iter().chain(["sw.js".to_owned()]);
    let mut rows = Vec::new();
    for name in names {
        let bytes = fs::read(dist.join(&name)).with_context(|| format!("cannot read {name}"))?;
        let (gzip, brotli) = (gzip(&bytes, 9)?.len(), brotli(&bytes, 11)?.len());
        rows.push(Row { name, raw: bytes.len(), gzip, brotli });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.brotli));
    let total = total(&rows);
    println!("\n{}", table(&rows, &total));
    println!("\nbudget: {BUDGET} bytes brotli; used: {} ({} %)", total.brotli, total.brotli * 100 / BUDGET);
    let missed = total.brotli > BUDGET;
    if missed {
        println!("the budget is missed by {} bytes", total.brotli - BUDGET);
    }
    Ok(if missed && check { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn total(rows: &[Row]) -> Row {
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum();
    Row {
        name: "total".into(),
        raw: sum(|row| row.raw),
        gzip: sum(|row| row.gzip),
        brotli: sum(|row| row.brotli),
    }
}

fn table(rows: &[Row], total: &Row) -> String {
    let mut lines =
        vec!["| File | Raw | gzip -9 | brotli 11 |".to_owned(), "|---|---:|---:|---:|".to_owned()];
    lines.extend(
        rows.iter()
            .chain([total])
            .map(|row| format!("| {} | {} | {} | {} |", row.name, row.raw, row.gzip, row.brotli)),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up() {
        let row = |name: &str, raw| Row { name: name.into(), raw, gzip: raw / 2, brotli: raw / 4 };
        let rows = [row("a", 400), row("b", 40)];
        let said = table(&rows, &total(&rows));
        assert!(said.ends_with("| total | 440 | 220 | 110 |"), "{said}");
    }
}
