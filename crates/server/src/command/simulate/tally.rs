use std::fmt;
use std::time::Duration;

/// What became of the records of one phone, or of all.
#[derive(Debug, Default)]
pub struct Tally {
    pub made: usize,
    /// How often a record went out; more than were made where answers got lost.
    pub sent: usize,
    pub acknowledged: usize,
    pub refused: usize,
    /// Not acknowledged in the end, or acknowledged and not there.
    pub lost: usize,
    /// The longest from writing to receipt, without signal or with.
    pub slowest_receipt: Duration,
    /// The longest from sending to an answer.
    pub slowest_answer: Duration,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.made += other.made;
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.lost += other.lost;
        self.slowest_receipt = self.slowest_receipt.max(other.slowest_receipt);
        self.slowest_answer = self.slowest_answer.max(other.slowest_answer);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "made {}, sent {}, acknowledged {}, refused {}, lost {}",
            self.made, self.sent, self.acknowledged, self.refused, self.lost
        )?;
        writeln!(
            f,
            "slowest acknowledgement: {:.1} s after writing; slowest answer: {} ms after sending",
            self.slowest_receipt.as_secs_f64(),
            self.slowest_answer.as_millis()
        )
    }
}
