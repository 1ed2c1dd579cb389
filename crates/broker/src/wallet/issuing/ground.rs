//! How sure it is whose a credential is.

use model::{Binding, Loa};
use store::record::IssuingGround;

/// The ground of a credential, from that of its person and from whether its key resists attacks of a high potential by
/// the word of a wallet's maker who is trusted.
///
/// *High* takes both, and of persons only whom a clerk saw, with the authenticator's code (Commission Implementing
/// Regulation (EU) 2015/1502, annex, 2.1.2 and 2.2.1): password, mailed or posted code prove no presence, a wallet's word is another's, and an authenticator that
/// was bound by another one is no better than what it stands on. The key, and what lets the person use it, must resist
/// likewise (2.2.1). Everything else is *substantial* at most.
pub(super) fn of_credential(person: IssuingGround, key_resists_high: bool) -> IssuingGround {
    let loa = match (person.provenance, key_resists_high) {
        (Binding::Clerk, true) => Loa::High,
        (
            Binding::Password
            | Binding::ContactCode
            | Binding::LiveFactor(_)
            | Binding::DeletionCode(_)
            | Binding::Wallet
            | Binding::Clerk
            | Binding::ClerkWord
            | Binding::PostedCode,
            true | false,
        ) => person.loa.min(Loa::Substantial),
    };
    IssuingGround { loa, provenance: person.provenance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whom_a_clerk_saw_gets_high_and_only_for_a_key_that_is_attested() {
        use Loa::{High, Low, Substantial};
        #[rustfmt::skip]
        let table = [
            (Binding::Password,                  Low,         Low),
            (Binding::ContactCode,               Low,         Low),
            (Binding::LiveFactor(Low),           Low,         Low),
            (Binding::LiveFactor(Substantial),   Substantial, Substantial),
            (Binding::DeletionCode(Substantial), Substantial, Substantial),
            (Binding::LiveFactor(High),          High,        Substantial),
            (Binding::Wallet,                    Substantial, Substantial),
            (Binding::PostedCode,                Substantial, Substantial),
            (Binding::ClerkWord,                 Substantial, Substantial),
            (Binding::Clerk,                     Substantial, High),
        ];
        for (provenance, loa, attested) in table {
            let person = IssuingGround { loa, provenance };
            assert_eq!(of_credential(person, true), IssuingGround { loa: attested, provenance });
            assert_eq!(of_credential(person, false).loa, attested.min(Substantial), "{provenance:?}");
        }
    }
}
