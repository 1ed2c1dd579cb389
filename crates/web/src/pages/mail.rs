//! The words of letters. Plain text: no pictures, nothing that reports its being read, and no
//! link but the one that says "it was not me".

use broker::{LetterContent, Notice};
use model::Lang;

use super::Text;

/// A letter, ready to be sent. Not `Debug`: it may hold a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, one line.
    pub subject: String,
    /// The body, lines ended by `\n`; `Content-Language` is the letter's language.
    pub body: String,
}

/// What a letter needs beside its content.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// When it happened, in the letter's language and Budapest's time: "2025. január 16. 14:50".
    pub at: &'a str,
    /// Ügyfélkapu's origin, without a slash at the end.
    pub account_origin: &'a str,
    /// The help line's number; absent where there is none.
    pub phone: Option<&'a str>,
}

/// The words of a letter in `lang`.
pub fn write(content: &LetterContent, lang: Lang, around: &Surroundings<'_>) -> Mail {
    let t = Text::of(lang);
    let activate = || format!("{}{}", around.account_origin, super::paths::ACTIVATE_ACCOUNT);
    let (subject, body) = match content {
        LetterContent::ContactCode { code } => (t.mail_contact_subject(), t.mail_contact(code)),
        LetterContent::ActivationCode { user_name, code } => {
            (t.mail_activation_subject(), t.mail_activation(user_name, grouped(code), activate()))
        }
        LetterContent::NewPasswordCode { user_name, code } => {
            (t.mail_new_password_subject(), t.mail_new_password(user_name, grouped(code), activate()))
        }
        LetterContent::WalletCode { code } => (t.mail_wallet_code_subject(), t.mail_wallet_code(code)),
        LetterContent::Notice { notice, not_me } => {
            let (subject, what) = occasion(*notice, t);
            let mut body = t.mail_notice(what, around.at);
            if let Some(handle) = not_me {
                let link = format!("{}{}", around.account_origin, super::paths::not_me(handle));
                body = format!("{body}\n\n{}", t.mail_not_me(link));
            }
            (subject, body)
        }
    };
    let help = around.phone.map(|phone| format!("\n\n{}", t.mail_phone(phone))).unwrap_or_default();
    Mail { subject: subject.into(), body: format!("{body}{help}\n\n{}\n", t.mail_foot()) }
}

/// Subject and first sentence of a notice.
const fn occasion(notice: Notice, t: Text) -> (&'static str, &'static str) {
    match notice {
        Notice::Enrolled => (t.mail_enrolled_subject(), t.mail_enrolled()),
        Notice::EnrolledOnHold => (t.mail_on_hold_subject(), t.mail_on_hold()),
        Notice::OtherDevice => (t.mail_other_device_subject(), t.mail_other_device()),
        Notice::Inactivated => (t.mail_inactivated_subject(), t.mail_inactivated()),
        Notice::Activated => (t.mail_activated_subject(), t.mail_activated()),
        Notice::DeletionCodeUsed => (t.mail_deletion_used_subject(), t.mail_deletion_used()),
        Notice::DeletionCodeTried => (t.mail_deletion_tried_subject(), t.mail_deletion_tried()),
        Notice::AuthenticatorFrozen => (t.mail_codes_subject(), t.mail_codes()),
        Notice::PasswordChanged => (t.mail_password_subject(), t.mail_password()),
        Notice::AccountActivated => (t.mail_account_activated_subject(), t.mail_account_activated()),
        Notice::IdentityLinked => (t.mail_linked_subject(), t.mail_linked()),
        Notice::IdentityUnlinked => (t.mail_unlinked_subject(), t.mail_unlinked()),
        Notice::CredentialIssued => (t.mail_credential_issued_subject(), t.mail_credential_issued()),
        Notice::CredentialRevoked => (t.mail_credential_revoked_subject(), t.mail_credential_revoked()),
        Notice::PersonIdentified => (t.mail_identified_subject(), t.mail_identified()),
        Notice::ProvenanceLifted => (t.mail_lifted_subject(), t.mail_lifted()),
        Notice::AccountOpened => (t.mail_opened_subject(), t.mail_opened()),
        Notice::AccountFrozen => (t.mail_frozen_subject(), t.mail_frozen()),
    }
}

/// An activation code in two groups.
fn grouped(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}
