//! What several screens show of the domain, made once.

mod alarm_tries;
mod answer_button;
pub mod convoy;
pub mod forms;
pub mod item;
mod language_choices;
mod paper_sheet;
pub mod plan_words;
mod reading;
mod record_detail;
mod record_page;
mod record_row;
mod record_trail;
mod resolve_form;
mod save_fault;
mod sending;
mod strip_map;
mod try_form;
mod use_record;
pub mod words;

pub use alarm_tries::{AlarmTries, Try};
pub use answer_button::{AnswerButton, may_answer};
pub use language_choices::LanguageChoices;
pub use paper_sheet::PaperSheet;
pub use reading::Reading;
pub use record_detail::RecordDetail;
pub use record_page::RecordPage;
pub use record_row::{RecordRow, RecordState, row_key};
pub use record_trail::RecordTrail;
pub use resolve_form::ResolveForm;
pub use save_fault::SaveFault;
pub use sending::{SendRow, Sending};
pub use strip_map::StripMap;
pub use try_form::{TryForm, TryOf};
pub use use_record::use_record;
