//! What screens call: a draft is checked in core, written by the store, and shown by the state. An action that
//! changes something ends with [`refresh`].

mod answer;
mod attention;
mod backends;
mod carry;
mod chain;
mod check_in;
mod connection;
mod decision;
mod directory;
mod discretion;
mod drafts;
mod duress;
mod emergency;
mod enrol;
mod exchange;
mod export;
mod guidance;
mod layers;
mod movements;
mod pack_files;
mod packs;
mod photos;
mod position;
mod preferences;
mod push;
mod queue;
mod reading;
mod records;
mod reports;
mod saving;
mod standards;
mod start;
mod storage;
mod update;

pub use answer::{acknowledge, confirm, mark_seen};
pub use attention::{
    allow_notifications, keep_awake, keep_subscribed, notify_somebody, print_page, prompt_traveller, ring,
    set_sound, take_up_attention,
};
pub use backends::{copy_text, deliveries, join_by, put_backend, tallies, test_backend, test_home};
pub use carry::{
    Camera, CameraFault, bundle_in_codes, can_share, dismiss_outcome, dropped_files, hand_over,
    keep_certified, open_camera, open_carry, save_bundle, share_bundle, take_in_files, take_in_text,
};
pub use chain::open_chain;
pub use check_in::{check_in, one_tap};
use connection::test_connection;
pub use decision::{decide, others_seen, seen_as_of};
pub use directory::{own_area, update_directory};
pub use drafts::{
    CheckinForm, KeptPlan, checkin_draft, drop_checkin_draft, drop_plan_draft, keep_checkin_draft,
    keep_plan_draft, plan_draft,
};
pub use duress::{DuressSign, is_hold_sign, set_duress_phrase, set_duress_sign};
pub use emergency::{
    AlarmRef, Raised, raise_emergency, raise_emergency_here, record_alarm_try, resolve_emergency, sms_link,
};
use enrol::signed_in;
pub use enrol::{EnrolError, enrol};
pub use exchange::{ExportOf, Format, MOST_ALERTS, Sent, audiences, export_items, situation_for, would_send};
pub use export::{export, export_unsent};
pub use guidance::{card_opened, index_guidance, open_guidance, open_guidance_later};
pub use layers::{LayerFault, add_layer, open_layers, remove_layer};
pub use movements::{
    acknowledge_overdue, close_movement, earlier_plans, known_people, open_movement, plan_movement,
    record_try, reopen_movement, resolve_overdue, revise_movement,
};
pub use packs::refresh_pack;
pub use photos::{
    NotHere, PhotoFault, PictureFault, add_photo, chosen_files, close_photo, fetch_photo, open_photo,
    photo_standing, retry_photo, set_photo_size, short_while,
};
pub use position::{ask_for_position, follow_position};
pub use preferences::{base_number, set_base_number, set_theme, store_language, stored_language};
pub use push::subscribe_to_notices;
pub use queue::{retry, send_now};
pub use records::{load_more, load_more_waiting, open_record, refresh};
pub use reports::{
    FormOf, draft_of, form_draft, join, keep_form_draft, known_places, note_seen, save_checklist, save_form,
};
pub use saving::SaveError;
pub use standards::{
    Chosen, ReadFiles, acknowledge_reading, open_changes, open_standards, publish_release, read_release,
};
pub use start::{reload_session, start};
pub use storage::{ask_for_persistence, dismiss_loss, measure_storage};
pub use update::{accept_update, hold_update};
