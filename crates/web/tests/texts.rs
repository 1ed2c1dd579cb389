//! How the texts of the pages read.

use std::path::Path;

use catalogue::{Catalogue, banned_words, sentences, unused_keys};

fn texts() -> Catalogue {
    Catalogue::load(Path::new("text")).expect("the texts are complete")
}

#[test]
fn sentences_are_short() {
    let texts = texts();
    for found in [sentences(texts.pairs.iter().map(|(hu, _)| hu)), sentences(texts.pairs.iter().map(|(_, en)| en))] {
        let long: Vec<_> = found.iter().filter(|sentence| sentence.length > 20).collect();
        assert!(long.is_empty(), "{long:?}");
        let words: usize = found.iter().map(|sentence| sentence.length).sum();
        assert!(words <= 12 * found.len(), "{words} words in {} sentences", found.len());
    }
}

#[test]
fn words_that_nobody_needs_to_know_are_absent() {
    assert_eq!(banned_words(&texts(), &["faktor", "TOTP", "token", "autentikátor", "MFA"]), []);
}

#[test]
fn every_text_is_used() {
    let unused = unused_keys(&texts(), &[Path::new("src"), Path::new("templates")]).expect("the sources are readable");
    assert_eq!(unused, [""; 0]);
}
