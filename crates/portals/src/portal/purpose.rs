//! What the portals want each datum for, as they tell Kapu and Kapu tells people.

use model::Lang;
use serde_json::{Map, Value, json};

use crate::text::Text;

/// Names of data or claims, each with what it is for.
pub(crate) type Purposes<const N: usize> = [(&'static str, &'static str); N];

/// In both languages, in the form of Kapu's `kapu_purposes`.
pub(crate) fn stated<const N: usize>(words: impl Fn(Text) -> Purposes<N>) -> Value {
    let both = words(Text::of(Lang::Hu)).into_iter().zip(words(Text::of(Lang::En)));
    let members = both.map(|((name, hu), (_, en))| (name.to_owned(), json!({"hu": hu, "en": en})));
    Value::Object(members.collect::<Map<_, _>>())
}
