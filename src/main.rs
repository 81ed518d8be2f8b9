//! The entry point in the browser; see the library.

fn main() {
    waymark::start();
}
