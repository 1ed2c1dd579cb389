//! How a person was, or is to be, authenticated (SAML Core sections 2.7.2.2 and 3.3.2.2.1).

use crate::xml::{Element, FormError, FormFault, SAML};

/// The most references of one request.
pub const CONTEXT_REFS_MAX: usize = 32;

/// How the references of a request are compared with what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// One of them; the default.
    Exact,
    /// As strong as one of them at least.
    Minimum,
    /// As strong as possible, but not stronger than one of them.
    Maximum,
    /// Stronger than every one of them.
    Better,
}

impl Comparison {
    /// All of them.
    pub const ALL: [Comparison; 4] = [Comparison::Exact, Comparison::Minimum, Comparison::Maximum, Comparison::Better];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Comparison::Exact => "exact",
            Comparison::Minimum => "minimum",
            Comparison::Maximum => "maximum",
            Comparison::Better => "better",
        }
    }
}

/// Which of its two lists a request has; the schema allows one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextKind {
    /// `AuthnContextClassRef`: what everybody uses.
    Class,
    /// `AuthnContextDeclRef`.
    Declaration,
}

/// `RequestedAuthnContext`: the demand. What each reference means is the caller's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAuthnContext {
    /// How to compare.
    pub comparison: Comparison,
    /// What is listed.
    pub kind: ContextKind,
    /// The references, the dearest first: at least one, at most [`CONTEXT_REFS_MAX`].
    pub references: Vec<String>,
}

impl RequestedAuthnContext {
    /// Asks for one of these classes.
    pub fn exact(classes: &[&str]) -> Self {
        let references = classes.iter().map(|class| (*class).to_owned()).collect();
        Self { comparison: Comparison::Exact, kind: ContextKind::Class, references }
    }

    pub(crate) fn read(element: Element<'_, '_>) -> Result<Self, FormError> {
        const NAME: &str = "RequestedAuthnContext";
        let word = element.attribute("Comparison").unwrap_or(Comparison::Exact.as_str());
        let comparison = Comparison::ALL.into_iter().find(|comparison| comparison.as_str() == word);
        let comparison = comparison.ok_or_else(|| element.wrong("Comparison", FormFault::Invalid))?;
        element.only(&[(SAML, "AuthnContextClassRef"), (SAML, "AuthnContextDeclRef")], NAME)?;
        let is_class = |child: &Element<'_, '_>| child.is(SAML, "AuthnContextClassRef");
        let kind = if element.elements().any(|child| is_class(&child)) {
            ContextKind::Class
        } else {
            ContextKind::Declaration
        };
        let references: Vec<_> = element.elements().collect();
        if references.is_empty() {
            return Err(element.wrong(NAME, FormFault::Missing));
        }
        if references.len() > CONTEXT_REFS_MAX {
            return Err(element.wrong(NAME, FormFault::Repeated));
        }
        if references.iter().any(|child| is_class(child) != (kind == ContextKind::Class)) {
            return Err(element.wrong("AuthnContextDeclRef", FormFault::Unexpected));
        }
        let references =
            references.into_iter().map(|child| child.uri("AuthnContextClassRef")).collect::<Result<_, _>>()?;
        Ok(Self { comparison, kind, references })
    }
}
