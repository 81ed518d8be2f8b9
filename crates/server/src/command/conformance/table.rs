use crate::command::columns;
use crate::conformance::{Fault, Line, Report, Verdict};

/// A line for each check, then all about those that failed.
pub fn table(report: &Report) -> String {
    let row = |line: &Line| {
        let (result, more) = match &line.verdict {
            Verdict::Passed => ("passed", String::new()),
            Verdict::Failed(_) => ("FAILED", String::new()),
            Verdict::NotApplicable { why } => ("not applicable", why.clone()),
        };
        [line.name.to_owned(), result.to_owned(), more]
    };
    let rows = columns::table(["check", "result", ""], report.checks.iter().map(row));
    let faults: String = report.checks.iter().filter_map(fault).collect();
    let (all, failed, none) = (report.checks.len(), report.failed().len(), report.not_applicable().len());
    let passed = all - failed - none;
    format!("{rows}{faults}\n{passed} passed, {failed} failed, {none} not applicable\n")
}

fn fault(line: &Line) -> Option<String> {
    let Verdict::Failed(Fault { sent, expected, came }) = &line.verdict else { return None };
    let Line { name, sentence, .. } = line;
    Some(format!("\n{name}: {sentence}\n  sent      {sent}\n  expected  {expected}\n  came      {came}\n"))
}
