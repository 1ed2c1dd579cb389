//! What an entity can check (SAML V2.0 Metadata Profile for Algorithm Support section 2).

use xmlsec::{SignatureAlgorithm, Writer};

use super::role;
use crate::write::attributes;
use crate::xml::{ALG, Element, FormError};

/// `alg:SigningMethod`: a signature algorithm, for keys of some sizes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SigningMethod {
    /// `Algorithm`: its URI, known or not.
    pub algorithm: String,
    /// `MinKeySize`, in bits.
    pub min_key_size: Option<u16>,
    /// `MaxKeySize`, in bits.
    pub max_key_size: Option<u16>,
}

impl SigningMethod {
    /// An algorithm with keys of any size.
    pub fn any_size(algorithm: SignatureAlgorithm) -> Self {
        Self { algorithm: algorithm.uri().to_owned(), min_key_size: None, max_key_size: None }
    }

    /// Whether it is that algorithm, and a key of so many bits will do.
    pub(super) fn admits(&self, algorithm: SignatureAlgorithm, bits: u16) -> bool {
        self.algorithm == algorithm.uri()
            && self.min_key_size.is_none_or(|least| least <= bits)
            && self.max_key_size.is_none_or(|most| bits <= most)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        let [least, most] = [self.min_key_size, self.max_key_size].map(|size| size.map(|bits| bits.to_string()));
        writer.start(ALG, "SigningMethod").attribute("Algorithm", &self.algorithm);
        attributes(writer, &[("MinKeySize", least.as_deref()), ("MaxKeySize", most.as_deref())]);
        writer.end();
    }
}

/// What the extensions of an entity or a role list.
pub(super) fn listed(extensions: Element<'_, '_>) -> Result<Vec<SigningMethod>, FormError> {
    let methods = role::listed(extensions, ALG, "SigningMethod")?.into_iter().map(|method| {
        Ok(SigningMethod {
            algorithm: method.uri_in("Algorithm")?,
            min_key_size: method.attribute_index("MinKeySize")?,
            max_key_size: method.attribute_index("MaxKeySize")?,
        })
    });
    methods.collect()
}
