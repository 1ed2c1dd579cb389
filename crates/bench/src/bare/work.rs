//! What a sign-in cannot do without, bare: its hash on a thread of its own, the codes that its authenticator
//! admits, its signature, its rows and commits. No more than one sign-in is under way.

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use anyhow::Context as _;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use tokio::sync::{Mutex, oneshot};

use super::rows::Rows;
use crate::process::HASHING;
use crate::saml_service::{SamlService, Signed};

/// The requests of a sign-in that do more than answer, by their place among them: see [`crate::sign_in`].
const BEGIN: usize = 0;
const PASSWORD: usize = 4;
const CODE: usize = 6;
const TOKENS: usize = 7;
/// By SAML, no sign-in but an answer from its session, with each kind of signature.
const AGAIN: usize = 7;
const AGAIN_BY_ECDSA: usize = 8;
/// How many requests a sign-in has.
pub(crate) const REQUESTS: usize = 8;

/// Bytes of what is signed: the head and claims of an ID token.
const SIGNED_BYTES: usize = 800;
/// Bytes of a `SignedInfo`, and of the assertion and the response that are hashed for it.
const SIGNED_INFO_BYTES: usize = 800;
const HASHED_BYTES: [usize; 2] = [4500, 6500];

/// Which language the sign-in speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Protocol {
    Oidc,
    Saml,
}

impl Protocol {
    /// The word of the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Protocol::Oidc => "oidc",
            Protocol::Saml => "saml",
        }
    }
}

/// What answers are signed with, and what of requests is parsed.
enum Language {
    Oidc(EcdsaKeyPair),
    Saml { rsa: RsaKeyPair, ecdsa: EcdsaKeyPair, request: Vec<u8> },
}

/// Everything that the work needs, ready.
pub(super) struct Work {
    rows: Mutex<Rows>,
    hashes: mpsc::Sender<oneshot::Sender<()>>,
    language: Language,
    random: SystemRandom,
}

impl Work {
    /// Opens a copy of a gateway's database in which somebody has signed in, and starts the thread that hashes.
    pub(super) fn prepare(database: &Path, protocol: Protocol) -> anyhow::Result<Self> {
        let (hashes, asked) = mpsc::channel();
        let work = hasher()?;
        thread::Builder::new().name(format!("{HASHING}0")).spawn(move || work(&asked))?;
        Ok(Self {
            rows: Mutex::new(Rows::open(database, protocol)?),
            hashes,
            language: match protocol {
                Protocol::Oidc => Language::Oidc(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?),
                Protocol::Saml => Language::Saml {
                    rsa: RsaKeyPair::generate(KeySize::Rsa2048)?,
                    ecdsa: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?,
                    request: deflated(&SamlService::new(Signed::Rsa, 0).message()?)?,
                },
            },
            random: randomness(),
        })
    }

    /// The part of a sign-in that belongs to its `nth` request.
    pub(super) async fn of_request(&self, nth: usize) -> anyhow::Result<()> {
        let mut rows = self.rows.lock().await;
        match (nth, &self.language) {
            (BEGIN, Language::Oidc(_)) => rows.begin(),
            (BEGIN, Language::Saml { request, .. }) => {
                parse(request)?;
                rows.begin()
            }
            (PASSWORD, _) => {
                rows.reserve()?;
                let (answer, answered) = oneshot::channel();
                self.hashes.send(answer).context("the thread that hashes has ended")?;
                answered.await?;
                rows.release()
            }
            (CODE, language) => {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &[4; 20]);
                for step in 0_u64..3 {
                    black_box(hmac::sign(&key, &step.to_be_bytes()));
                }
                match language {
                    Language::Oidc(_) => rows.answer(),
                    Language::Saml { rsa, .. } => {
                        self.sign_twice_by_rsa(rsa)?;
                        rows.answer_by_saml()
                    }
                }
            }
            (TOKENS, Language::Oidc(signer)) => {
                signer.sign(&self.random, &[3; SIGNED_BYTES])?;
                rows.redeem()
            }
            (AGAIN | AGAIN_BY_ECDSA, Language::Saml { rsa, ecdsa, request }) => {
                parse(request)?;
                if nth == AGAIN {
                    self.sign_twice_by_rsa(rsa)?;
                } else {
                    self.sign_twice_by_ecdsa(ecdsa)?;
                }
                rows.answer_again_by_saml()
            }
            (_, _) => Ok(()),
        }
    }

    /// An assertion and its response: each is hashed as it is, and a `SignedInfo` with the hash is signed.
    fn sign_twice_by_rsa(&self, key: &RsaKeyPair) -> anyhow::Result<()> {
        for bytes in HASHED_BYTES {
            black_box(digest(&SHA256, &vec![3; bytes]));
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &self.random, &[3; SIGNED_INFO_BYTES], &mut signature)?;
            black_box(signature);
        }
        Ok(())
    }

    fn sign_twice_by_ecdsa(&self, key: &EcdsaKeyPair) -> anyhow::Result<()> {
        for bytes in HASHED_BYTES {
            black_box(digest(&SHA256, &vec![3; bytes]));
            black_box(key.sign(&self.random, &[3; SIGNED_INFO_BYTES])?);
        }
        Ok(())
    }
}

/// As HTTP-Redirect carries it (SAML Bindings section 3.4.4.1).
fn deflated(request: &str) -> anyhow::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(request.as_bytes())?;
    Ok(encoder.finish()?)
}

fn parse(request: &[u8]) -> anyhow::Result<()> {
    let mut inflated = String::new();
    DeflateDecoder::new(request).read_to_string(&mut inflated)?;
    black_box(roxmltree::Document::parse(&inflated)?);
    Ok(())
}

/// Argon2id at the gateway's parameters, in memory that is touched once and used for every hash.
fn hasher() -> anyhow::Result<impl FnOnce(&mpsc::Receiver<oneshot::Sender<()>>) + Send> {
    let parameters = idp::HashParameters::default();
    let (memory, passes, lanes) = (parameters.memory_kib(), parameters.passes(), parameters.lanes());
    let parameters = Params::new(memory, passes, lanes, Some(32)).map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut arena = vec![Block::new(); parameters.block_count()];
    for block in &mut arena {
        block.as_mut().fill(1);
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    Ok(move |asked: &mpsc::Receiver<oneshot::Sender<()>>| {
        while let Ok(answer) = asked.recv() {
            let mut hash = [0; 32];
            let made = argon2.hash_password_into_with_memory(&[1; 32], &[2; 16], &mut hash, &mut arena);
            // Unanswered when it failed, which ends the run.
            if made.is_ok() {
                black_box(hash);
                let _gone = answer.send(());
            }
        }
    })
}

#[expect(clippy::disallowed_methods, reason = "what a signature costs includes the randomness that the library draws")]
pub(crate) fn randomness() -> SystemRandom {
    SystemRandom::new()
}
