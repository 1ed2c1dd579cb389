//! Turns `text/` into methods.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    catalogue::build()?;
    Ok(())
}
