//! Turns `text/` into methods.

fn main() -> Result<(), String> {
    catalogue::build()
}
