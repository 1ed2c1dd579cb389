//! The words of letters.

use broker::{LetterContent, Notice};
use ui::Lang;
use web::pages::enrol::DeletionText;
use web::pages::mail::{Mail, Surroundings, write};

const NOTICES: [Notice; 14] = [
    Notice::Enrolled,
    Notice::EnrolledOnHold,
    Notice::OtherDevice,
    Notice::Inactivated,
    Notice::Activated,
    Notice::DeletionCodeUsed,
    Notice::DeletionCodeTried,
    Notice::AuthenticatorFrozen,
    Notice::PasswordChanged,
    Notice::AccountActivated,
    Notice::CredentialIssued,
    Notice::CredentialRevoked,
    Notice::PersonIdentified,
    Notice::AccountFrozen,
];

fn letter(content: &LetterContent, lang: Lang) -> Mail {
    let around = Surroundings {
        at: "2025. január 16. 14:50",
        account_origin: "https://ugyfelkapu.pelda.hu",
        phone: Some("+36 1 555 0100"),
    };
    write(content, lang, &around)
}

#[test]
fn a_contact_code_stands_alone_on_its_line() {
    for (lang, subject) in
        [(Lang::Hu, "Kód az Ügyfélkapu+ igényléséhez"), (Lang::En, "Code for requesting Ügyfélkapu+")]
    {
        let mail = letter(&LetterContent::ContactCode { code: "123456".into() }, lang);
        assert_eq!(mail.subject, subject);
        assert!(mail.body.lines().any(|line| line == "123456"), "{}", mail.body);
        assert!(!mail.body.contains("://"), "no link in a letter with a code");
    }
}

#[test]
fn a_code_for_a_wallet_stands_alone_on_its_line() {
    for lang in [Lang::Hu, Lang::En] {
        let mail = letter(&LetterContent::WalletCode { code: "123456".into() }, lang);
        assert!(mail.body.lines().any(|line| line == "123456"), "{}", mail.body);
        assert!(!mail.body.contains("://"), "no link in a letter with a code");
    }
}

#[test]
fn an_activation_letter_names_user_code_and_address() {
    let content = LetterContent::ActivationCode { user_name: "kovacs.anna".into(), code: "23456BCDFG".into() };
    for lang in [Lang::Hu, Lang::En] {
        let mail = letter(&content, lang);
        for line in ["kovacs.anna", "23456-BCDFG", "https://ugyfelkapu.pelda.hu/aktivalas-kod"] {
            assert!(mail.body.lines().any(|found| found == line), "{line} in {}", mail.body);
        }
    }
}

#[test]
fn a_letter_with_a_code_for_a_new_password_says_what_became_of_the_old_one() {
    let content = LetterContent::NewPasswordCode { user_name: "kovacs.anna".into(), code: "23456BCDFG".into() };
    for (lang, words) in
        [(Lang::Hu, "A korábbi jelszó már nem érvényes"), (Lang::En, "earlier password no longer works")]
    {
        let mail = letter(&content, lang);
        for line in ["kovacs.anna", "23456-BCDFG", "https://ugyfelkapu.pelda.hu/aktivalas-kod"] {
            assert!(mail.body.lines().any(|found| found == line), "{line} in {}", mail.body);
        }
        assert!(mail.body.contains(words), "{}", mail.body);
    }
}

#[test]
fn every_notice_says_what_and_when_and_how_to_object() {
    for lang in [Lang::Hu, Lang::En] {
        let mut subjects: Vec<String> = Vec::new();
        for notice in NOTICES {
            let content = LetterContent::Notice { notice, not_me: Some("h4ndle".into()) };
            let mail = letter(&content, lang);
            assert!(mail.body.contains("2025. január 16. 14:50") && mail.body.contains("+36 1 555 0100"));
            let link = "https://ugyfelkapu.pelda.hu/nem-en-voltam/h4ndle";
            assert!(mail.body.lines().any(|line| line == link), "{}", mail.body);
            assert!(!mail.subject.contains('\n') && !subjects.contains(&mail.subject), "{}", mail.subject);
            let without = letter(&LetterContent::Notice { notice, not_me: None }, lang);
            assert!(!without.body.contains("nem-en-voltam"));
            subjects.push(mail.subject);
        }
    }
}

#[test]
fn the_deletion_code_as_a_file_is_read_by_every_editor() {
    let text = DeletionText {
        lang: Lang::Hu,
        user_name: "kovacs.anna".into(),
        date: "2025. január 16.".into(),
        address: "ugyfelkapu.pelda.hu/elveszett".into(),
        groups: ["48213", "90576", "61034", "27718"].map(String::from),
    };
    let body = text.body();
    assert!(body.contains("Törlőkód: 48213 90576 61034 27718\r\n") && body.ends_with("\r\n"));
    assert_eq!(body.matches('\n').count(), body.matches("\r\n").count());
}
