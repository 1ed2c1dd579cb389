//! What no verifier can do without: three signatures (the certificate's, the issuer's, the holder's), one agreement on
//! a key, and one decryption, of messages as long as the real ones. Nothing is read.

use anyhow::Context as _;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey as Point, agree};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, KeyPair as _, UnparsedPublicKey,
};

use super::presentation::Shown;
use crate::bare::randomness;

/// A message that was signed.
struct Signed {
    algorithm: &'static EcdsaVerificationAlgorithm,
    /// A point, as it comes with a message.
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// Everything, made beforehand.
pub(super) struct Bare {
    signed: [Signed; 3],
    own: PrivateKey,
    theirs: Vec<u8>,
    sealed: Vec<u8>,
}

impl Bare {
    pub(super) fn prepare(shown: &Shown) -> anyhow::Result<Self> {
        let lengths = shown.lengths();
        let [own, theirs] = [PrivateKey::generate(&ECDH_P256)?, PrivateKey::generate(&ECDH_P256)?];
        let theirs = theirs.compute_public_key()?.as_ref().to_vec();
        let key = agreed(&own, &theirs)?;
        let mut sealed = vec![b'a'; lengths.encrypted];
        key.seal_in_place_append_tag(nonce(), Aad::empty(), &mut sealed)?;
        let certificate = (&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P256_SHA256_ASN1);
        let token = (&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P256_SHA256_FIXED);
        let signed =
            [signed(certificate, lengths.certificate)?, signed(token, lengths.issued)?, signed(token, lengths.shown)?];
        Ok(Self { signed, own, theirs, sealed })
    }

    pub(super) fn work(&self) -> anyhow::Result<()> {
        for signed in &self.signed {
            let key = UnparsedPublicKey::new(signed.algorithm, &signed.key);
            key.verify(&signed.message, &signed.signature).ok().context("a signature")?;
        }
        let mut sealed = self.sealed.clone();
        agreed(&self.own, &self.theirs)?.open_in_place(nonce(), Aad::empty(), &mut sealed)?;
        Ok(())
    }
}

fn signed(
    (signing, algorithm): (&'static EcdsaSigningAlgorithm, &'static EcdsaVerificationAlgorithm),
    length: usize,
) -> anyhow::Result<Signed> {
    let pair = EcdsaKeyPair::generate(signing)?;
    let message = vec![b'a'; length];
    let signature = pair.sign(&randomness(), &message)?.as_ref().to_vec();
    Ok(Signed { algorithm, key: pair.public_key().as_ref().to_vec(), message, signature })
}

fn agreed(own: &PrivateKey, theirs: &[u8]) -> anyhow::Result<LessSafeKey> {
    let failed = aws_lc_rs::error::Unspecified;
    let key = agree(own, Point::new(&ECDH_P256, theirs), failed, |secret| UnboundKey::new(&AES_256_GCM, secret))?;
    Ok(LessSafeKey::new(key))
}

/// Each message has a key of its own.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}
