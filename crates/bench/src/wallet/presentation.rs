//! A wallet's answer to our request, and the judging of it.

use anyhow::{Context as _, ensure};
use jose::{ContentEncryption, DecryptionKey, SigningKey};
use mdoc::pid::Attribute;
use mdoc::{Asked, FullDate, Need as Needed, Validity};
use model::Random;
use serde_json::{Value, json};
use wallet::ClaimPath;
use wallet::credential::{PERSON_DOC_TYPE, PERSON_VCT, PersonClaim};
use wallet::dcql::{CredentialQuery, Query};
use wallet::openid4vp::{
    Answer, AnswerExpected, AnswerMode, ClientId, Format, Outcome, RequestObject, ResponseMode, VerifierMetadata,
    VpToken, transcript, verify_answer,
};
use wallet::sd_jwt::{Held, Issuance, KeyBindingExpected};
use wallet::status_list::Status;
use wallet::trust::{Purpose, fingerprint};

use super::{DAY, Issuer, NOW, ORIGIN};
use crate::machine::Seeded;

/// In which form a credential is shown.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// `dc+sd-jwt`.
    SdJwt,
    /// `mso_mdoc`.
    Mdoc,
}

const NONCE: &str = "exc7gBkxjx1rdc9udRrveKvSsJIq80avlXeLHhGwqtA";
const STATE: &str = "fd0Xkq0pHhBQmr1gW4yqVjXUyQ0a5sGJ";
const RESPONSE_URI: &str = "https://kau.bench.example/wallet/response/exc7gBkxjx1rdc9udRrveK";
/// What is asked for: who somebody is.
const ASKED: [PersonClaim; 4] = [
    PersonClaim::FamilyName,
    PersonClaim::GivenName,
    PersonClaim::Birthdate,
    PersonClaim::PersonalAdministrativeNumber,
];

impl Form {
    /// The word of the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Form::SdJwt => "sd-jwt",
            Form::Mdoc => "mdoc",
        }
    }
}

/// The lengths of what is signed and encrypted, in bytes.
pub(super) struct Lengths {
    pub(super) certificate: usize,
    pub(super) issued: usize,
    pub(super) shown: usize,
    pub(super) encrypted: usize,
}

/// An answer, and all that it is judged by.
pub(super) struct Shown {
    issuer: Issuer,
    key: DecryptionKey,
    request: RequestObject,
    presentation: String,
    form: Form,
    body: String,
}

impl Shown {
    pub(super) fn prepare(form: Form) -> anyhow::Result<Self> {
        let issuer = Issuer::new()?;
        let key = DecryptionKey::generate(Some("answer".to_owned()))?;
        let asked = match form {
            Form::SdJwt => CredentialQuery::sd_jwt("pid", &[PERSON_VCT.to_owned()], ASKED.map(PersonClaim::path)),
            Form::Mdoc => CredentialQuery::mdoc("pid", PERSON_DOC_TYPE, ASKED.map(PersonClaim::mdoc_path)),
        };
        let request = RequestObject {
            client_id: ClientId::X509Hash(fingerprint(&issuer.chain[0])),
            response: ResponseMode::DirectPostJwt(RESPONSE_URI.to_owned()),
            nonce: NONCE.to_owned(),
            state: Some(STATE.to_owned()),
            query: Query::new(vec![asked], vec![])?,
            metadata: VerifierMetadata {
                encryption_keys: vec![key.public_key().clone()],
                encryptions: ContentEncryption::ALL.to_vec(),
                formats: vec![Format::SdJwt, Format::Mdoc],
            },
            verifier_info: Vec::new(),
            wallet_nonce: None,
            issued_at: NOW,
            expires_at: NOW + 120,
        };
        let presentation = match form {
            Form::SdJwt => sd_jwt(&issuer, &request)?,
            Form::Mdoc => document(&issuer, &request)?,
        };
        let vp_token = VpToken::new([("pid".to_owned(), vec![presentation.clone()])].into());
        let body = Answer { vp_token }.post(&request)?;
        let shown = Self { issuer, key, request, presentation, form, body };
        shown.judge()?;
        Ok(shown)
    }

    /// From the posted form to the claims; that the credential is still good was asked before.
    pub(super) fn judge(&self) -> anyhow::Result<usize> {
        let expected = AnswerExpected {
            mode: AnswerMode::DirectPostJwt { key: &self.key, encryptions: &ContentEncryption::ALL },
            audience: &self.request.client_id.to_string(),
            response_uri: RESPONSE_URI,
            nonce: NONCE,
            state: Some(STATE),
            query: &self.request.query,
            now: NOW,
        };
        let judge = |chain: &[Vec<u8>]| self.issuer.trusted.check(chain, Purpose::Credentials, NOW);
        let Outcome::Shown(shown) = verify_answer(self.body.as_bytes(), &expected, judge)? else {
            anyhow::bail!("a refusal")
        };
        ensure!(shown.statuses().count() == 1, "a status");
        let confirmed = shown.confirm(|_, _| Some(Status::Valid))?;
        let said = ASKED.map(|claim| confirmed[0].presentation.person(claim).map(str::len));
        said.into_iter().sum::<Option<usize>>().context("a claim")
    }

    pub(super) fn lengths(&self) -> Lengths {
        let certificate = self.issuer.chain[0].len();
        let encrypted = self.presentation.len();
        match self.form {
            Form::SdJwt => {
                let part = |part: Option<&str>| part.map_or(0, str::len);
                let (issued, shown) = (self.presentation.split('~').next(), self.presentation.rsplit('~').next());
                Lengths { certificate, issued: part(issued), shown: part(shown), encrypted }
            }
            // The document's digests, and a session transcript, are shorter than the whole.
            Form::Mdoc => Lengths { certificate, issued: 1500, shown: 200, encrypted },
        }
    }
}

/// What our issuer says of somebody.
fn claims() -> Value {
    json!({
        "vct": PERSON_VCT, "iat": NOW - DAY, "exp": NOW + DAY,
        "status": {"status_list": {"idx": 4711, "uri": format!("{ORIGIN}/status/1")}},
        "family_name": "Minta", "given_name": "Anna", "birthdate": "1985-03-04", "nationalities": ["HU"],
        "place_of_birth": {"country": "HU", "locality": "Zalaegerszeg"}, "birth_family_name": "Minta",
        "birth_given_name": "Anna", "personal_administrative_number": "0123456789abcdef01234567",
        "date_of_expiry": "2027-02-23", "date_of_issuance": "2026-11-25", "issuing_authority": "Kapu",
        "issuing_country": "HU",
    })
}

fn sd_jwt(issuer: &Issuer, request: &RequestObject) -> anyhow::Result<String> {
    let holder = SigningKey::generate(jose::Algorithm::Es256)?;
    let claims = claims().as_object().context("claims")?.clone();
    let fixed = ["vct", "iat", "exp", "status"];
    let hidden = claims.keys().filter(|name| !fixed.contains(&name.as_str()));
    let disclosable: Vec<ClaimPath> =
        hidden.map(|name| ClaimPath::from_json(&json!([name])).context("a path")).collect::<anyhow::Result<_>>()?;
    let mut drawn = 0_u128;
    let mut salts = || {
        drawn += 1;
        drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes()
    };
    let issuance = Issuance { claims, disclosable: &disclosable, decoys: 2, holder: &holder.public_jwk() };
    let credential = wallet::sd_jwt::issue(issuance, &issuer.key, &issuer.chain, &mut salts)?;
    let held = Held::receive(&credential, NOW, |chain| issuer.trusted.check(chain, Purpose::Credentials, NOW))?;
    let binding = KeyBindingExpected { audience: &request.client_id.to_string(), nonce: NONCE };
    Ok(held.present(&ASKED.map(PersonClaim::path), &holder, &binding, NOW)?)
}

fn document(issuer: &Issuer, request: &RequestObject) -> anyhow::Result<String> {
    let device = mdoc::SigningKey::generate()?;
    let day = |year, month, day| FullDate::new(year, month, day).map(mdoc::Value::FullDate).context("a day");
    let elements = [
        (Attribute::FamilyName, "Minta".into()),
        (Attribute::GivenName, "Anna".into()),
        (Attribute::BirthDate, day(1985, 3, 4)?),
        (Attribute::Nationality, mdoc::Value::Array(vec!["HU".into()])),
        (Attribute::FamilyNameBirth, "Minta".into()),
        (Attribute::GivenNameBirth, "Anna".into()),
        (Attribute::PersonalAdministrativeNumber, "0123456789abcdef01234567".into()),
        (Attribute::ExpiryDate, day(2027, 2, 23)?),
        (Attribute::IssuanceDate, day(2026, 11, 25)?),
        (Attribute::IssuingAuthority, "Kapu".into()),
        (Attribute::IssuingCountry, "HU".into()),
    ];
    let elements: Vec<_> =
        elements.into_iter().map(|(attribute, value)| attribute.element(value)).collect::<Result<_, _>>()?;
    let chain: Vec<&[u8]> = issuer.chain.iter().map(Vec::as_slice).collect();
    let status = mdoc::StatusReference { index: 4711, uri: format!("{ORIGIN}/status/1") };
    let issuance = mdoc::Issuance {
        doc_type: PERSON_DOC_TYPE,
        elements: &elements,
        device_key: device.verifying_key(),
        validity: Validity { signed: NOW - 3600, from: NOW - 3600, until: NOW + DAY },
        status: Some(&status),
        x5chain: &chain,
    };
    let key = mdoc::SigningKey::from_pkcs8(&issuer.key.to_pkcs8()?)?;
    let random: &dyn Random = &Seeded::new(1);
    let document = mdoc::issue(&issuance, &key, &mut |octets| random.fill(octets))?;
    let document = mdoc::IssuerSigned::parse(&document)?;
    let thumbprint = request.metadata.encryption_keys[0].thumbprint();
    let session = transcript(&request.client_id.to_string(), NONCE, Some(&thumbprint), RESPONSE_URI);
    let chosen: Vec<Asked<'_>> = ASKED.iter().map(|claim| claim.attribute().asked(Needed::Required)).collect();
    let shown = mdoc::present(&document, PERSON_DOC_TYPE, &chosen, &session, &device)?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&shown))
}
