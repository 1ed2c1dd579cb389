//! The targets of `fuzz/`, each run on a small corpus that is changed at random, the same in every run.

mod targets;

use saml::binding::redirect;
use saml::{AnswerTo, AuthnRequest, Direction};

const ROUNDS: usize = 5_000;

const WORDS: [&str; 18] = [
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x ?>",
    "<!DOCTYPE a>",
    "<a>",
    "</a>",
    " xmlns=''",
    " ID='_a'",
    "&amp;",
    "&x;",
    "%00",
    "%ff",
    "=",
    "&",
    "\r\n",
    "ő",
];

fn request() -> String {
    let request = AuthnRequest {
        id: "_a".to_owned(),
        issue_instant: 1_800_000_000,
        issuer: "https://sp.example/saml".to_owned(),
        destination: Some("https://kau.example/saml/sso".to_owned()),
        force_authn: true,
        is_passive: false,
        answer_to: AnswerTo::Url("https://sp.example/acs".to_owned()),
        protocol_binding: None,
        attribute_consuming_service: Some(1),
        subject: None,
        name_id_policy: None,
        authn_context: None,
    };
    request.write(None).unwrap()
}

const METADATA: &str = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
    entityID=\"https://sp.example/saml\" validUntil=\"2030-01-01T00:00:00Z\" cacheDuration=\"PT6H\"><!-- x -->\
    <md:SPSSODescriptor AuthnRequestsSigned=\"1\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>\
    <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" index=\"0\" \
    Location=\"https://sp.example/acs\"/><md:AttributeConsumingService index=\"1\">\
    <md:ServiceName xml:lang=\"hu\">Próba</md:ServiceName><md:RequestedAttribute Name=\"urn:oid:2.5.4.4\" \
    NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\" isRequired=\"true\"/>\
    </md:AttributeConsumingService></md:SPSSODescriptor></md:EntityDescriptor>";

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % below
    }
}

/// Changes, removes, doubles or inserts a few octets.
fn changed(octets: &[u8], seeded: &mut Seeded) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for _ in 0..=seeded.below(3) {
        let at = seeded.below(octets.len());
        let length = 1 + seeded.below((octets.len() - at).min(40));
        match seeded.below(4) {
            0 => octets[at] ^= 1 << seeded.below(8),
            1 => drop(octets.drain(at..at + length)),
            2 => {
                let copy = octets[at..at + length].to_vec();
                let to = seeded.below(octets.len());
                octets.splice(to..to, copy);
            }
            _ => drop(octets.splice(at..at, WORDS[seeded.below(WORDS.len())].bytes())),
        }
        if octets.is_empty() {
            octets.push(b'<');
        }
    }
    octets
}

fn run(corpus: &[&str], target: fn(&[u8]), seed: u64) {
    let mut seeded = Seeded(seed);
    for round in 0..ROUNDS {
        let octets = corpus[round % corpus.len()].as_bytes();
        target(octets);
        target(&changed(octets, &mut seeded));
    }
}

#[test]
fn no_query_breaks_anything() {
    let address = redirect::encode("", Direction::Request, &request(), Some("ő"), None).unwrap();
    let query = address.trim_start_matches('?');
    run(&[query, "SAMLRequest=q1YqSVayqlYqzUtML1WyUqoFAA%3D%3D&SigAlg=x&Signature=y"], targets::query, 1);
}

#[test]
fn no_form_breaks_anything() {
    let field = data_encoding::BASE64.encode(request().as_bytes());
    let form = format!("SAMLRequest={}&RelayState=a+b", field.replace('+', "%2B"));
    run(&[&form, "SAMLResponse=PGEvPg%3D%3D"], targets::form, 2);
}

#[test]
fn no_envelope_breaks_anything() {
    let envelope = saml::binding::soap::envelope(&request());
    run(&[&envelope, &request()], targets::envelope, 3);
}

#[test]
fn no_metadata_breaks_anything() {
    run(&[METADATA], targets::metadata, 4);
}
