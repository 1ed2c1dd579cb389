//! JSON: an array of objects, or one object a line.

use serde_json::value::RawValue;

use super::Entry;
use crate::import::source::line_at;
use crate::import::{ImportError, Source};

/// Gives each object to `take`, with the line where it begins.
pub(super) fn each(
    source: &Source,
    take: &mut dyn FnMut(u64, Entry) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let text = source.text();
    let whole = |error: &serde_json::Error| source.fault(error.line() as u64, reason(error));
    let objects: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|error| whole(&error))?
    } else {
        let stream = serde_json::Deserializer::from_str(text).into_iter();
        stream.collect::<Result<_, _>>().map_err(|error| whole(&error))?
    };
    let (mut line, mut counted) = (1, 0);
    for object in objects {
        // The raw text is a part of the file's, so that its place in it says its line.
        let offset = object.get().as_ptr() as usize - text.as_ptr() as usize;
        line += line_at(&text.as_bytes()[counted..], offset - counted) - 1;
        counted = offset;
        let entry: Entry = serde_json::from_str(object.get())
            .map_err(|error| source.fault(line + error.line() as u64 - 1, reason(&error)))?;
        take(line, entry)?;
    }
    Ok(())
}

/// What serde says, without the line and column at its end: the line is told in our own way.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}
