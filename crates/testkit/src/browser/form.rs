//! Filling a form and sending it, as the HTML standard's form submission does.

use http::Method;
use scraper::{ElementRef, Html};
use url::Url;

use super::dom::{self, css};
use super::page::{Page, owner};

/// The value that ticks a box, or chooses a radio button.
pub const TICKED: &str = "✓";
/// The value that takes a tick away.
pub const UNTICKED: &str = "";

/// What pressing a button sends.
pub(super) struct Submission {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<String>,
}

/// A control that a form sends, with what it will say; `None` says nothing.
struct Control<'a> {
    element: ElementRef<'a>,
    value: Option<String>,
}

/// What the form with this button sends once its labelled fields are filled.
#[track_caller]
pub(super) fn submission(page: &Page, button: &str, fields: &[(&str, &str)]) -> Submission {
    let document = page.document();
    let selector = css("button, input[type=submit]");
    let buttons = document.select(&selector).map(|button| (dom::name(&document, button), button)).collect();
    let button = dom::only("button", button, buttons);
    assert!(button.attr("disabled").is_none(), "the button is disabled: {}", button.html());
    assert!(!matches!(button.attr("type"), Some("button" | "reset")), "the button sends nothing: {}", button.html());
    let form = owner(&document, button).unwrap_or_else(|| panic!("the button has no form: {}", button.html()));

    let mut controls = controls(&document, form, button);
    for (label, typed) in fields {
        fill(&document, &mut controls, label, typed);
    }
    let is_checked = form.attr("novalidate").is_none() && button.attr("formnovalidate").is_none();
    if is_checked {
        refuse_empty(&controls);
    }
    encode(page, form, button, &controls)
}

/// The form's controls in the order of the page, with the values that they have there.
fn controls<'a>(document: &'a Html, form: ElementRef<'a>, pressed: ElementRef<'a>) -> Vec<Control<'a>> {
    document
        .select(&css("input, select, textarea, button"))
        .filter(|control| owner(document, *control).is_some_and(|owner| owner.id() == form.id()))
        .filter(|control| {
            let is_button = control.value().name() == "button" || control.attr("type") == Some("submit");
            (!is_button || control.id() == pressed.id()) && !is_disabled(*control)
        })
        .map(|element| Control { element, value: value(element) })
        .collect()
}

fn is_disabled(control: ElementRef) -> bool {
    let fieldsets = control.ancestors().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "fieldset");
    control.attr("disabled").is_some() || fieldsets.into_iter().any(|fieldset| fieldset.attr("disabled").is_some())
}

/// What a control says as it stands on the page.
pub(super) fn value(control: ElementRef) -> Option<String> {
    match (control.value().name(), control.attr("type")) {
        ("input", Some("checkbox" | "radio")) => control.attr("checked").map(|_| on_value(control)),
        ("input", Some("file")) => panic!("a form of ours takes no files: {}", control.html()),
        ("textarea", _) => Some(control.text().collect::<String>().trim_start_matches('\n').to_owned()),
        ("select", _) => {
            let options: Vec<ElementRef> = control.select(&css("option")).collect();
            options
                .iter()
                .find(|option| option.attr("selected").is_some())
                .or(options.first())
                .map(|option| option_value(*option))
        }
        _ => Some(control.attr("value").unwrap_or_default().to_owned()),
    }
}

fn on_value(control: ElementRef) -> String {
    control.attr("value").unwrap_or("on").to_owned()
}

fn option_value(option: ElementRef) -> String {
    option.attr("value").map_or_else(|| option.text().collect(), str::to_owned)
}

#[track_caller]
fn fill(document: &Html, controls: &mut [Control], label: &str, typed: &str) {
    let fields = controls.iter().enumerate().filter(|(_, control)| {
        control.element.value().name() != "button" && !matches!(control.element.attr("type"), Some("hidden" | "submit"))
    });
    let fields = fields.map(|(index, control)| (dom::name(document, control.element), index)).collect();
    let index = dom::only("field", label, fields);
    let field = controls[index].element;
    assert!(field.attr("readonly").is_none(), "nobody can type there: {}", field.html());
    controls[index].value = match (field.value().name(), field.attr("type")) {
        ("input", Some("checkbox" | "radio")) => match typed {
            TICKED => Some(on_value(field)),
            UNTICKED => None,
            _ => panic!("{label:?} is ticked or not; it cannot say {typed:?}"),
        },
        ("select", _) => {
            let options =
                field.select(&css("option")).map(|o| (dom::collapse(&o.text().collect::<String>()), o)).collect();
            Some(option_value(dom::only("option", typed, options)))
        }
        _ => Some(typed.to_owned()),
    };
    if field.attr("type") == Some("radio") && typed == TICKED {
        let group = field.attr("name");
        for (other, control) in controls.iter_mut().enumerate() {
            if other != index && control.element.attr("type") == Some("radio") && control.element.attr("name") == group
            {
                control.value = None;
            }
        }
    }
}

/// Chromium does not send a form with an empty required field, unless it is `novalidate`.
#[track_caller]
fn refuse_empty(controls: &[Control]) {
    for control in controls.iter().filter(|control| control.element.attr("required").is_some()) {
        let is_empty = control.value.as_ref().is_none_or(String::is_empty);
        assert!(!is_empty, "Chromium would not send the form without {}", control.element.html());
    }
}

#[track_caller]
fn encode(page: &Page, form: ElementRef, button: ElementRef, controls: &[Control]) -> Submission {
    let encoding = button.attr("formenctype").or(form.attr("enctype")).unwrap_or("application/x-www-form-urlencoded");
    assert_eq!(encoding, "application/x-www-form-urlencoded", "our forms are url-encoded");
    let mut body = form_urlencoded::Serializer::new(String::new());
    for control in controls {
        if let (Some(name), Some(value)) =
            (control.element.attr("name").filter(|name| !name.is_empty()), &control.value)
        {
            body.append_pair(name, value);
        }
    }
    let body = body.finish();
    let action = button.attr("formaction").or(form.attr("action")).unwrap_or_default();
    let mut url = if action.is_empty() { page.url.clone() } else { page.resolve(action) };
    let method = button.attr("formmethod").or(form.attr("method")).unwrap_or("get");
    if method.eq_ignore_ascii_case("post") {
        Submission { method: Method::POST, url, body: Some(body) }
    } else {
        url.set_query(Some(&body));
        Submission { method: Method::GET, url, body: None }
    }
}
