//! Who signs, what is signed, and a reader of it as the protocol layer is one.

use std::sync::LazyLock;

use xmlsec::{
    Document, KeyType, Limits, Namespace, Node, SignatureAlgorithm, SigningKey, Verified, Writer, canonical,
    verify_enveloped,
};

pub(crate) const SAML: Namespace<'static> = Namespace { prefix: "saml", uri: "urn:oasis:names:tc:SAML:2.0:assertion" };
pub(crate) const SAMLP: Namespace<'static> = Namespace { prefix: "samlp", uri: "urn:oasis:names:tc:SAML:2.0:protocol" };
pub(crate) const DS: Namespace<'static> = Namespace::DS;

/// The partner's key, and somebody else's.
pub(crate) static PARTNER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());
pub(crate) static ATTACKER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(KeyType::P256).unwrap());

/// The partner's assertion without its signature, canonical, in two halves between which that goes.
pub(crate) fn assertion_halves(id: &str, name: &str) -> (String, String) {
    let mut writer = Writer::new();
    writer.start(SAML, "Assertion").attribute("Version", "2.0").attribute("ID", id);
    writer.leaf(SAML, "Issuer", "https://idp.example.hu/árvíztűrő");
    let position = writer.position();
    writer.start(SAML, "Subject").leaf(SAML, "NameID", name).end();
    writer.start(SAML, "AuthnStatement").attribute("SessionIndex", "a \"b\" <c> & \t\n").end();
    let mut written = writer.finish().unwrap();
    let rest = written.split_off(position);
    (written, rest)
}

/// An assertion signed by `key`.
pub(crate) fn signed_assertion(key: &SigningKey, id: &str, name: &str) -> String {
    let (before, after) = assertion_halves(id, name);
    let signature = key.enveloped(id, format!("{before}{after}").as_bytes(), None).unwrap();
    format!("{before}{signature}{after}")
}

/// A Response around what may be anything.
pub(crate) fn response(inside: &str) -> String {
    let mut writer = Writer::new();
    writer.start(SAMLP, "Response").attribute("ID", "_r").attribute("Version", "2.0");
    writer.leaf(SAML, "Issuer", "https://idp.example.hu/árvíztűrő");
    writer.start(SAMLP, "Status").start(SAMLP, "StatusCode").attribute("Value", "urn:x:Success").end().end();
    writer.element(inside);
    writer.finish().unwrap()
}

/// The partner's Response with a signed assertion `_a` of `kovacs.peter`.
pub(crate) fn genuine() -> String {
    response(&signed_assertion(&PARTNER, "_a", "kovacs.peter"))
}

/// An assertion whose `SignedInfo` is ours but for an edit, with a good signature over it by `key`.
pub(crate) fn forged_assertion(key: &SigningKey, edit: impl Fn(&str) -> String) -> String {
    let (before, after) = assertion_halves("_a", "kovacs.peter");
    let signature = key.enveloped("_a", format!("{before}{after}").as_bytes(), None).unwrap();
    format!("{before}{}{after}", forged(key, &signature, edit))
}

/// A signature whose `SignedInfo` is edited and signed once more.
pub(crate) fn forged(key: &SigningKey, signature: &str, edit: impl Fn(&str) -> String) -> String {
    let begin = signature.find("<ds:SignedInfo>").unwrap();
    let end = signature.find("</ds:SignedInfo>").unwrap() + "</ds:SignedInfo>".len();
    let edited = edit(&signature[begin..end]);
    assert_ne!(edited, signature[begin..end], "the edit changes something");
    let outer = format!("<ds:Signature xmlns:ds=\"{}\">{edited}</ds:Signature>", DS.uri);
    let limits = Limits { bytes: 10_000_000, ..Limits::METADATA };
    let document = Document::parse(outer.as_bytes(), &limits).unwrap();
    let signed_info = document.root().first_element_child().unwrap();
    let value = key.sign_detached(canonical(signed_info).as_bytes()).unwrap();
    let value = data_encoding::BASE64.encode(&value);
    let rest = &signature[end..];
    let after = rest.find("</ds:SignatureValue>").unwrap();
    format!("{}{edited}<ds:SignatureValue>{value}{}", &signature[..begin], &rest[after..])
}

/// Checks the signature of an element by the partner's key.
pub(crate) fn verify(document: &Document<'_>, element: Node<'_, '_>) -> Result<Verified, &'static str> {
    verify_by(&PARTNER, document, element)
}

/// Checks the signature of an element by one key.
pub(crate) fn verify_by(
    key: &SigningKey,
    document: &Document<'_>,
    element: Node<'_, '_>,
) -> Result<Verified, &'static str> {
    verify_enveloped(document, element, std::slice::from_ref(key.verifying_key()), &SignatureAlgorithm::ALL)
        .map_err(xmlsec::SignatureError::code)
}

/// What a reader that keeps the rules takes a Response for: the name in its one signed assertion,
/// or the word for what is wrong.
pub(crate) fn read(response: &str) -> Result<String, &'static str> {
    let document = Document::parse(response.as_bytes(), &Limits::MESSAGE).map_err(xmlsec::XmlError::code)?;
    let assertions: Vec<Node<'_, '_>> =
        document.root().descendants().filter(|node| SAML.is(*node, "Assertion")).collect();
    let [assertion] = assertions[..] else { return Err("assertions≠1") };
    if !SAMLP.is(document.root(), "Response") || assertion.parent() != Some(document.root()) {
        return Err("profile");
    }
    name(&verify(&document, assertion)?)
}

/// What a reader that keeps fewer rules takes it for: it looks at the first child of this name, whatever
/// else there is.
pub(crate) fn read_first_child(response: &str) -> Result<String, &'static str> {
    let document = Document::parse(response.as_bytes(), &Limits::MESSAGE).map_err(xmlsec::XmlError::code)?;
    let assertion = document.root().children().find(|node| SAML.is(*node, "Assertion")).ok_or("assertions≠1")?;
    name(&verify(&document, assertion)?)
}

fn name(verified: &Verified) -> Result<String, &'static str> {
    let signed = Document::parse(verified.octets.as_bytes(), &Limits::MESSAGE).map_err(xmlsec::XmlError::code)?;
    let subject = signed.root().children().find(|node| SAML.is(*node, "Subject")).ok_or("profile")?;
    let name = subject.first_element_child().filter(|name| SAML.is(*name, "NameID")).ok_or("profile")?;
    Ok(name.text().unwrap_or_default().to_owned())
}

/// What is written for each of the numbers from 0.
pub(crate) fn numbered(count: usize, write: impl Fn(usize) -> String) -> String {
    (0..count).map(write).collect::<Vec<_>>().concat()
}
