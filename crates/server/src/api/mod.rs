//! The HTTP interface, one endpoint a file. Base path: [`waymark_core::backend::reference::BASE`].

pub mod blob;
pub mod body;
pub mod bundles;
pub mod caller;
pub mod client;
pub mod device_key;
pub mod directory;
pub mod enrol;
pub mod feed;
pub mod health;
pub mod openapi;
pub mod pack;
pub mod pack_file;
pub mod pack_files;
pub mod publish_standards;
pub mod push_key;
pub mod put_blob;
pub mod ready;
pub mod records;
pub mod standards;
pub mod standards_changes;
pub mod stream;
pub mod subscribe;
pub mod unsubscribe;
