//! Photos: taken or picked in a form, shown with the record they belong to.

mod add;
mod one;
mod shown;

pub use add::AddPhotos;
pub use shown::Photos;
