//! How records travel: the outbox machine, receipts, the feed, and what a store on a phone must do.

mod backoff;
mod batch;
mod blobs;
mod destination;
mod feed;
mod footing;
mod meta;
mod outbox;
mod pull;
mod receipt;
mod setup;
mod store;

pub use backoff::Backoff;
pub use batch::BatchLimit;
pub use blobs::{
    Blob, BlobAnswer, BlobCommand, BlobInput, BlobNote, BlobState, Piece, Span, Standing, blob_step,
};
pub use destination::{
    BackendKind, Capabilities, Delivery, Destination, MOST_MIRRORS, Mirror, SignIn, Tally, To,
};
pub use feed::{Cursor, FeedAnswer, FeedPage};
pub use footing::{Footing, Reader};
pub use meta::{Meta, Redirected, Session};
pub use outbox::{
    Answer, Command, FlightId, Input, Mode, OTHER_ORGANISATION, Settlement, State, Trouble, Wake, step,
};
pub use pull::{PullCommand, PullInput, PullState, pull_step};
pub use receipt::{Epoch, Outcome, Receipt, Receipts, Refusal, Verdict, verdicts};
pub use setup::{Setup, SetupError, is_safe};
pub use store::{
    Counts, Entry, Head, Held, LocalStore, Page, Placement, Queued, Refused, StoreError, UnsentLoss, Waiting,
};
