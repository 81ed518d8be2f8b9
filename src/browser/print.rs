/// Opens the browser's print dialogue.
pub fn print() {
    if let Some(window) = super::window() {
        // Where there is no printing, nothing happens.
        let _ = window.print();
    }
}
