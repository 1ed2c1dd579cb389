//! Pages that lead on: to a service, or to another identity provider.

use std::fmt;

use askama::Template;
use askama::filters::{Escaper as _, Html, HtmlSafe};
use ui::{Frame, Page};

use super::{ServiceName, Texts as _, paths};

/// The end of a sign-in: a page that leads to the service at once, since a posted form may not
/// redirect to another origin under our `form-action`.
#[derive(Template)]
#[template(path = "kau/onward.html")]
pub struct GoOn {
    /// The frame.
    pub frame: Frame,
    /// Who waits.
    pub service: ServiceName,
    /// The service's address with the answer.
    pub href: String,
    /// How it ended.
    pub end: End,
}

/// The same with a form: an answer of SAML is posted.
#[derive(Template)]
#[template(path = "kau/onward_form.html")]
pub struct GoOnByForm {
    /// The frame.
    pub frame: Frame,
    /// Who waits.
    pub service: ServiceName,
    /// Where it is posted to.
    pub action: String,
    /// The hidden fields.
    pub fields: Vec<(&'static str, String)>,
    /// How it ended.
    pub end: End,
}

/// The value of a hidden field. A message of SAML is a long one, and in base64 nothing is to be escaped: that is seen
/// by asking for the greatest, many octets in one step, where escaping takes one after the other.
struct FieldValue<'a>(&'a str);

impl HtmlSafe for FieldValue<'_> {}

impl fmt::Display for FieldValue<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_escaped = |byte| matches!(byte, b'"' | b'&' | b'\'' | b'<' | b'>');
        match self.0.bytes().map(|byte| u8::from(is_escaped(byte))).max() {
            Some(1) => Html.write_escaped_str(to, self.0),
            _ => to.write_str(self.0),
        }
    }
}

impl GoOnByForm {
    fn values(&self) -> impl Iterator<Item = (&'static str, FieldValue<'_>)> {
        self.fields.iter().map(|(name, value)| (*name, FieldValue(value)))
    }

    fn lead(&self) -> String {
        self.end.lead(self.t(), &self.t().the(&self.service))
    }
}

impl Page for GoOnByForm {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.end.heading(self.t())
    }
}

/// How a sign-in ended, or what a sign-out does at a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Signed in.
    SignedIn,
    /// Given up or refused: the service is told so.
    NotSignedIn,
    /// The same, but the person is signed in at KAÜ; the page waits to be read.
    NothingShared,
    /// The service is told to sign the person out.
    SigningOut,
    /// Signed out: the service that asked for it is told so.
    SignedOut,
    /// The service asked to sign somebody out who is not signed in here.
    NotSignedOut,
    /// The sign-in goes on at another identity provider.
    Elsewhere,
    /// KAÜ asks a wallet for a proof.
    ToProve,
    /// The page of the account that asked for it goes on.
    Proved,
}

impl GoOn {
    fn lead(&self) -> String {
        self.end.lead(self.t(), &self.t().the(&self.service))
    }
}

impl Page for GoOn {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn heading(&self) -> String {
        self.end.heading(self.t())
    }
}

impl End {
    /// How a sign-in ended that was given up.
    pub(crate) fn of(left: broker::Left) -> Self {
        match left {
            broker::Left::AsBefore | broker::Left::SignedOut => End::NotSignedIn,
            broker::Left::SignedIn => End::NothingShared,
        }
    }

    /// Whether the page leads on by itself.
    fn leads_on(self) -> bool {
        match self {
            End::SignedIn
            | End::NotSignedIn
            | End::SigningOut
            | End::SignedOut
            | End::NotSignedOut
            | End::Elsewhere
            | End::ToProve
            | End::Proved => true,
            End::NothingShared => false,
        }
    }

    fn heading(self, t: super::Text) -> String {
        match self {
            End::SignedIn => t.go_on_heading().into(),
            End::NotSignedIn => t.go_back_heading().into(),
            End::NothingShared => t.nothing_shared_heading().into(),
            End::SigningOut => t.round_heading().into(),
            End::SignedOut => t.signed_out_heading().into(),
            End::NotSignedOut => t.not_signed_out_heading().into(),
            End::Elsewhere => t.elsewhere_heading().into(),
            End::ToProve => t.prove_going_heading().into(),
            End::Proved => t.prove_gone_heading().into(),
        }
    }

    fn lead(self, t: super::Text, the_service: &str) -> String {
        match self {
            End::SignedIn | End::Elsewhere | End::ToProve | End::Proved => t.go_on_lead(the_service),
            End::NotSignedIn | End::SignedOut | End::NotSignedOut => t.go_back_lead(the_service),
            End::NothingShared => t.nothing_shared_lead(the_service),
            End::SigningOut => t.round_lead(the_service),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_escaped_unless_nothing_in_it_could_be() {
        for (value, written) in [
            ("", ""),
            ("PHNhbWw+/0=", "PHNhbWw+/0="),
            ("a\"b", "a&#34;b"),
            ("<a href='b'>&", "&#60;a href=&#39;b&#39;&#62;&#38;"),
            ("ű", "ű"),
        ] {
            assert_eq!(FieldValue(value).to_string(), written);
        }
    }
}
