//! Every page in every state and both languages, as a browser and a screen reader find it.

use std::collections::HashSet;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use scraper::{ElementRef, Html, Selector};
use ui::{Lang, assets};

#[path = "../examples/samples/mod.rs"]
mod samples;

/// What a page with its style sheet and fonts may weigh, in bytes.
const PAGE_BYTES: usize = 50_000;
/// The same for a page that holds a secret and is not compressed.
const SECRET_PAGE_BYTES: usize = 60_000;

/// Runs `check` on every sample.
fn each(check: impl Fn(Lang, &str, &Html)) {
    for lang in [Lang::Hu, Lang::En] {
        for sample in samples::all(lang).expect("every page renders") {
            let page = Html::parse_document(&sample.html);
            check(lang, &format!("{}-{}", sample.name, lang.tag()), &page);
        }
    }
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_says_its_language_its_title_and_one_heading() {
    each(|lang, name, page| {
        assert_eq!(page.root_element().attr("lang"), Some(lang.tag()), "{name}");
        let headings = all(page, "h1");
        assert_eq!(headings.len(), 1, "{name}");
        let title = words(all(page, "title")[0]);
        assert!(title.ends_with(&format!("{} – Kapu", words(headings[0]))), "{name}: {title}");
    });
}

#[test]
fn names_of_elements_are_unique_and_what_refers_to_them_finds_them() {
    each(|_, name, page| {
        let ids: Vec<_> = all(page, "[id]").iter().filter_map(|e| e.attr("id")).collect();
        let set: HashSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), set.len(), "{name}: {ids:?}");
        for (selector, attribute) in
            [("[aria-describedby]", "aria-describedby"), ("[aria-labelledby]", "aria-labelledby"), ("label", "for")]
        {
            for element in all(page, selector) {
                for id in element.attr(attribute).unwrap_or_default().split_whitespace() {
                    assert!(set.contains(id), "{name}: {attribute}={id}");
                }
            }
        }
        for link in all(page, "a[href^='#']") {
            let id = link.attr("href").unwrap_or_default().trim_start_matches('#');
            assert!(set.contains(id), "{name}: #{id}");
        }
    });
}

#[test]
fn every_field_has_a_label_and_no_trap() {
    each(|_, name, page| {
        let labelled: HashSet<_> = all(page, "label").iter().filter_map(|label| label.attr("for")).collect();
        for field in all(page, "input:not([type=hidden]):not([hidden])") {
            let id = field.attr("id").unwrap_or_default();
            assert!(labelled.contains(id), "{name}: {id}");
            assert_eq!(field.attr("name"), Some(id), "{name}");
            for trap in ["maxlength", "minlength", "pattern", "placeholder", "disabled", "readonly"] {
                assert_eq!(field.attr(trap), None, "{name}: {id} has {trap}");
            }
        }
        for password in all(page, "input[type=password]") {
            assert_eq!(password.attr("value"), None, "{name} sends a password back");
        }
        for button in all(page, "button") {
            assert!(!words(button).is_empty() && button.attr("disabled").is_none(), "{name}");
        }
    });
}

#[test]
fn every_form_is_posted_with_its_proof() {
    each(|_, name, page| {
        for form in all(page, "form") {
            assert_eq!(form.attr("method"), Some("post"), "{name}");
            if form.attr("id") == Some("tovabb") {
                // It leads to a service, which learns nothing of ours.
                assert!(form.attr("action").unwrap_or_default().starts_with("https://"), "{name}");
                assert!(!form.html().contains("csrf"), "{name}");
                continue;
            }
            assert!(form.attr("novalidate").is_some() && form.attr("action").is_some(), "{name}");
            let csrf = Selector::parse("input[type=hidden][name=csrf][value]").expect("a selector");
            assert_eq!(form.select(&csrf).count(), 1, "{name}");
        }
    });
}

#[test]
fn an_error_is_told_at_the_top_and_at_the_field() {
    let mut seen = 0;
    for lang in [Lang::Hu, Lang::En] {
        for sample in samples::all(lang).expect("every page renders") {
            let page = Html::parse_document(&sample.html);
            let alerts = all(&page, "[role=alert]");
            let title = words(all(&page, "title")[0]);
            let prefixed = title.starts_with("Hiba: ") || title.starts_with("Error: ");
            assert_eq!(prefixed, !alerts.is_empty(), "{}", sample.name);
            let Some(alert) = alerts.first() else { continue };
            seen += 1;
            assert_eq!(alerts.len(), 1, "{}", sample.name);
            assert!(alert.attr("autofocus").is_some() && alert.attr("tabindex") == Some("-1"), "{}", sample.name);
            assert_eq!(all(&page, "[autofocus]").len(), 1, "{}", sample.name);
            for invalid in all(&page, "[aria-invalid=true]") {
                let id = invalid.attr("id").unwrap_or_default();
                let message = all(&page, &format!("#{id}-e"))[0];
                let line = all(&page, &format!("[role=alert] a[href='#{id}']"))[0];
                assert!(words(message).ends_with(&words(line)), "{}: {id}", sample.name);
            }
        }
    }
    assert!(seen > 40, "{seen} samples with an error");
}

#[test]
fn no_page_has_a_script_an_inline_style_or_a_foreign_source() {
    each(|_, name, page| {
        for forbidden in ["style", "[style]", "iframe", "object", "base", "img", "[onclick]"] {
            assert!(all(page, forbidden).is_empty(), "{name}: {forbidden}");
        }
        // Two pages have one: it presses the button that posts an answer to a service, or waits for a wallet.
        let sources: Vec<_> = all(page, "script, [src]").iter().map(|e| e.attr("src")).collect();
        let leads_on = !all(page, "form#tovabb").is_empty();
        let waits = !all(page, "[data-events]").is_empty();
        let expected = [(leads_on, &assets::SUBMIT), (waits, &assets::WALLET)];
        let expected = expected.into_iter().filter_map(|(has, script)| has.then_some(Some(script.path)));
        assert_eq!(sources, expected.collect::<Vec<_>>(), "{name}");
        for link in all(page, "link") {
            let href = link.attr("href").unwrap_or_default();
            assert!(assets::find(href).is_some(), "{name}: {href}");
        }
        for link in all(page, "a[href]") {
            let href = link.attr("href").unwrap_or_default();
            assert!(!href.starts_with("javascript:") && !href.starts_with("data:"), "{name}: {href}");
        }
    });
}

#[test]
fn the_foot_says_on_every_page_that_it_is_no_states_site() {
    each(|lang, name, page| {
        let foot = words(all(page, "footer")[0]);
        let said = match lang {
            Lang::Hu => "A Kapu mintarendszer, nem állami honlap.",
            Lang::En => "Kapu is a sample system, not a website of any state.",
        };
        assert!(foot.contains(said), "{name}");
        assert_eq!(all(page, "footer a").len(), 4, "{name}");
        assert_eq!(all(page, "a.lang").len(), 1, "{name}");
    });
}

#[test]
fn what_must_not_be_printed_is_marked_and_the_sheet_is_not() {
    each(|_, name, page| {
        for selector in [".qr", ".key", "a[href^='otpauth:']"] {
            for element in all(page, selector) {
                let hidden = element
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .chain([element])
                    .any(|e| e.value().classes().any(|class| class == "secret" || class == "noprint"));
                assert!(hidden, "{name}: {selector}");
            }
        }
        if name.starts_with("enrol-deletion-sheet") {
            assert!(all(page, ".secret").is_empty() && words(all(page, ".deletion")[0]) == "48213 90576 61034 27718");
        }
    });
}

#[test]
fn only_the_end_of_a_sign_in_moves_on_by_itself_and_at_once() {
    each(|_, name, page| {
        let refresh = all(page, "meta[http-equiv=refresh]");
        let leads_on = !all(page, "form#tovabb").is_empty();
        let expected = name.starts_with("kau-go-")
            || ["kau-sign-out-under-way", "kau-sign-out-and-back"].iter().any(|on| name.starts_with(on));
        let expected = usize::from(expected && !leads_on);
        assert_eq!(refresh.len(), expected, "{name}");
        for refresh in refresh {
            assert!(refresh.attr("content").unwrap_or_default().starts_with("0;url="), "{name}");
        }
    });
}

#[test]
fn hungarian_and_english_pages_have_the_same_fields() {
    let fields = |html: &str| -> Vec<String> {
        let page = Html::parse_document(html);
        all(&page, "input, button").iter().filter_map(|e| e.attr("name").map(str::to_owned)).collect()
    };
    let english = samples::all(Lang::En).expect("every page renders");
    for (hungarian, english) in samples::all(Lang::Hu).expect("every page renders").iter().zip(&english) {
        assert_eq!(fields(&hungarian.html), fields(&english.html), "{}", hungarian.name);
    }
}

#[test]
fn a_page_with_styles_and_fonts_is_light() {
    let compressed = |text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).expect("memory can be written");
        encoder.finish().expect("memory can be written").len()
    };
    let shared: usize = assets::ALL.iter().map(|asset| asset.gzip.unwrap_or(asset.bytes).len()).sum();
    for lang in [Lang::Hu, Lang::En] {
        for sample in samples::all(lang).expect("every page renders") {
            let small = shared + compressed(&sample.html);
            assert!(small <= PAGE_BYTES, "{}: {small} bytes compressed", sample.name);
            if sample.name.starts_with("enrol-") {
                let plain = shared + sample.html.len();
                assert!(plain <= SECRET_PAGE_BYTES, "{}: {plain} bytes", sample.name);
            }
        }
    }
}
