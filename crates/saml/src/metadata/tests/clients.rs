//! Metadata as real services publish it.

use super::*;

fn one(xml: &str) -> (EntityDescriptor, SpDescriptor) {
    let metadata = read(xml).unwrap_or_else(|error| panic!("{error}"));
    let [entity] = metadata.entities.try_into().unwrap();
    let sp = entity.sp.clone().unwrap();
    (entity, sp)
}

/// A certificate in lines, as most files have it.
fn lines(key: &xmlsec::SigningKey) -> String {
    let text = BASE64.encode(certificate(key).der());
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("\n{}\n", lines.join("\n"))
}

#[test]
fn of_mod_auth_mellon() {
    let (entity, sp) = one(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- made by mellon_create_metadata -->\n\
         <EntityDescriptor\n entityID=\"https://sp.example/mellon/metadata\"\n xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"\n \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">\n <SPSSODescriptor\n   AuthnRequestsSigned=\"true\"\n   \
         WantAssertionsSigned=\"true\"\n   protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n   \
         <KeyDescriptor use=\"signing\">\n     <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n       <ds:X509Data>\n         \
         <ds:X509Certificate>{}</ds:X509Certificate>\n       </ds:X509Data>\n     </ds:KeyInfo>\n   </KeyDescriptor>\n   \
         <SingleLogoutService\n     Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\"\n     \
         Location=\"https://sp.example/mellon/logout\" />\n   <SingleLogoutService\n     \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"\n     Location=\"https://sp.example/mellon/logout\" />\n   \
         <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>\n   <AssertionConsumerService\n     \
         index=\"0\"\n     isDefault=\"true\"\n     Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"\n     \
         Location=\"https://sp.example/mellon/postResponse\" />\n   <AssertionConsumerService\n     index=\"1\"\n     \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\"\n     \
         Location=\"https://sp.example/mellon/artifactResponse\" />\n   <AssertionConsumerService\n     index=\"2\"\n     \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:PAOS\"\n     Location=\"https://sp.example/mellon/paosResponse\" />\n \
         </SPSSODescriptor>\n</EntityDescriptor>\n",
        lines(&RSA_KEY)
    ));
    assert_eq!(entity.entity_id, "https://sp.example/mellon/metadata");
    assert!(sp.authn_requests_signed && sp.want_assertions_signed);
    assert_eq!(sp.role.signing().map(Certificate::key).collect::<Vec<_>>(), [RSA_KEY.verifying_key()]);
    assert!(sp.role.encryption().is_none());
    let indexes: Vec<u16> = sp.assertion_consumers.iter().map(|consumer| consumer.index).collect();
    assert_eq!(indexes, [0, 1], "PAOS is not spoken here");
    assert_eq!(sp.role.single_logout(Binding::Redirect).unwrap().location, "https://sp.example/mellon/logout");
    assert_eq!(sp.role.name_id_formats, [NameIdFormat::Transient]);
}

#[test]
fn of_node_saml() {
    let (entity, sp) = one(&format!(
        "<?xml version=\"1.0\"?>\n<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"node-sp\" ID=\"node_sp\">\n  \
         <SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\" WantAssertionsSigned=\"true\">\n    \
         <KeyDescriptor use=\"encryption\">\n      <ds:KeyInfo>\n        <ds:X509Data>\n          \
         <ds:X509Certificate>{}</ds:X509Certificate>\n        </ds:X509Data>\n      </ds:KeyInfo>\n      \
         <EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>\n      \
         <EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"/>\n      \
         <EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes256-cbc\"/>\n      \
         <EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>\n    </KeyDescriptor>\n    \
         <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>\n    \
         <AssertionConsumerService index=\"1\" isDefault=\"true\" Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp.example/login/callback\"/>\n  </SPSSODescriptor>\n</EntityDescriptor>",
        lines(&RSA_KEY)
    ));
    assert_eq!(entity.entity_id, "node-sp");
    assert!(!sp.authn_requests_signed);
    let (_, transport, cipher) = sp.role.encryption().unwrap();
    assert_eq!((transport, cipher), (KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm));
    assert_eq!(sp.role.name_id_formats, [NameIdFormat::EmailAddress]);
}

#[test]
fn of_python3_saml() {
    let (entity, sp) = one(
        "<?xml version=\"1.0\"?>\n<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"\n                     \
         validUntil=\"2025-01-18T00:00:00Z\"\n                     cacheDuration=\"PT604800S\"\n                     \
         entityID=\"https://sp.example/metadata/\">\n    <md:SPSSODescriptor AuthnRequestsSigned=\"false\" \
         WantAssertionsSigned=\"false\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n        \
         <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"\n                                \
         Location=\"https://sp.example/?sls\" />\n        \
         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>\n        \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\"\n                                     \
         Location=\"https://sp.example/?acs\"\n                                     index=\"1\" />\n    </md:SPSSODescriptor>\n    \
         <md:Organization>\n        <md:OrganizationName xml:lang=\"en-US\">sp_test</md:OrganizationName>\n        \
         <md:OrganizationDisplayName xml:lang=\"en-US\">SP test</md:OrganizationDisplayName>\n        \
         <md:OrganizationURL xml:lang=\"en-US\">http://sp.example</md:OrganizationURL>\n    </md:Organization>\n    \
         <md:ContactPerson contactType=\"technical\">\n        <md:GivenName>technical_name</md:GivenName>\n        \
         <md:EmailAddress>technical@sp.example</md:EmailAddress>\n    </md:ContactPerson>\n</md:EntityDescriptor>",
    );
    assert_eq!((entity.valid_until, entity.cache_duration), (Some(NOW + 2 * 86_400), Some(604_800)));
    assert_eq!(sp.default_consumer(&[Binding::Post]).unwrap().location, "https://sp.example/?acs");
    assert_eq!(entity.organization.unwrap().display_names, [text("en-US", "SP test")]);
    assert_eq!(entity.contacts[0].emails, ["technical@sp.example"]);
    assert!(sp.role.keys.is_empty() && sp.role.encryption().is_none());
}

#[test]
fn of_pysaml2() {
    let (entity, sp) = one(&format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<ns0:EntityDescriptor xmlns:ns0=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ns1=\"urn:oasis:names:tc:SAML:metadata:attribute\" xmlns:ns2=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         xmlns:ns4=\"urn:oasis:names:tc:SAML:metadata:algsupport\" xmlns:ns5=\"http://www.w3.org/2000/09/xmldsig#\" \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         entityID=\"https://sp.example/sp.xml\"><ns0:Extensions><ns4:DigestMethod \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\" /><ns1:EntityAttributes>\
         <ns2:Attribute Name=\"http://macedir.org/entity-category\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"><ns2:AttributeValue xsi:type=\"xs:string\">\
         https://refeds.org/category/code-of-conduct/v2</ns2:AttributeValue></ns2:Attribute></ns1:EntityAttributes>\
         </ns0:Extensions><ns0:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"><ns0:KeyDescriptor><ns5:KeyInfo><ns5:X509Data>\
         <ns5:X509Certificate>{}</ns5:X509Certificate></ns5:X509Data></ns5:KeyInfo></ns0:KeyDescriptor>\
         <ns0:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://sp.example/acs/post\" index=\"1\" /><ns0:AttributeConsumingService index=\"1\">\
         <ns0:ServiceName xml:lang=\"en\">Example</ns0:ServiceName><ns0:RequestedAttribute FriendlyName=\"surName\" \
         Name=\"urn:oid:2.5.4.4\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\" isRequired=\"true\" />\
         </ns0:AttributeConsumingService></ns0:SPSSODescriptor></ns0:EntityDescriptor>",
        lines(&RSA_KEY)
    ));
    assert_eq!(entity.attributes[0].name, "http://macedir.org/entity-category");
    assert_eq!(entity.attributes[0].values, ["https://refeds.org/category/code-of-conduct/v2"]);
    assert_eq!(
        (sp.role.signing().count(), sp.role.encryption().is_some()),
        (1, true),
        "a key without a use is for both"
    );
    let requested = &sp.attribute_consumer(None).unwrap().requested[0];
    assert_eq!((requested.attribute.name.as_str(), requested.is_required), ("urn:oid:2.5.4.4", true));
}

#[test]
fn of_the_shibboleth_sp() {
    let (entity, sp) = one(&format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_3f2a\" \
         entityID=\"https://sp.example/shibboleth\">\n\n  <md:Extensions xmlns:alg=\"urn:oasis:names:tc:SAML:metadata:algsupport\">\n    \
         <alg:SigningMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/>\n  </md:Extensions>\n\n  \
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol urn:oasis:names:tc:SAML:1.1:protocol\">\n    \
         <md:Extensions>\n      <init:RequestInitiator xmlns:init=\"urn:oasis:names:tc:SAML:profiles:SSO:request-init\" \
         Binding=\"urn:oasis:names:tc:SAML:profiles:SSO:request-init\" Location=\"https://sp.example/Shibboleth.sso/Login\"/>\n      \
         <mdui:UIInfo xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\"><mdui:DisplayName xml:lang=\"en\">\n Example \
         service</mdui:DisplayName><mdui:Logo height=\"16\" width=\"16\">https://sp.example/logo.png</mdui:Logo>\
         <mdui:PrivacyStatementURL xml:lang=\"en\">https://sp.example/privacy</mdui:PrivacyStatementURL></mdui:UIInfo>\n    \
         </md:Extensions>\n    <md:KeyDescriptor use=\"encryption\">\n      <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n        \
         <ds:KeyName>sp.example</ds:KeyName>\n        <ds:X509Data>\n          <ds:X509SubjectName>CN=sp.example</ds:X509SubjectName>\n          \
         <ds:X509Certificate>{}</ds:X509Certificate>\n        </ds:X509Data>\n      </ds:KeyInfo>\n      \
         <md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"/>\n      \
         <md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>\n      \
         <md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>\n      \
         <md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\"/>\n      \
         <md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"/>\n    </md:KeyDescriptor>\n    \
         <md:ArtifactResolutionService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" \
         Location=\"https://sp.example/Shibboleth.sso/Artifact/SOAP\" index=\"1\"/>\n    \
         <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"https://sp.example/Shibboleth.sso/SLO/SOAP\"/>\n    \
         <md:ManageNameIDService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"https://sp.example/Shibboleth.sso/NIM/SOAP\"/>\n    \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/Shibboleth.sso/SAML2/POST\" index=\"1\"/>\n    \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST-SimpleSign\" Location=\"https://sp.example/Shibboleth.sso/SAML2/POST-SimpleSign\" index=\"2\"/>\n    \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:1.0:profiles:browser-post\" Location=\"https://sp.example/Shibboleth.sso/SAML/POST\" index=\"5\"/>\n  \
         </md:SPSSODescriptor>\n\n</md:EntityDescriptor>\n",
        lines(&RSA_KEY)
    ));
    assert_eq!(entity.entity_id, "https://sp.example/shibboleth");
    assert_eq!(sp.assertion_consumers.len(), 1);
    assert_eq!(sp.role.ui.display_names, [text("en", "Example service")]);
    assert_eq!(sp.role.artifact_resolution.len(), 1);
    let (_, transport, cipher) = sp.role.encryption().unwrap();
    assert_eq!((transport, cipher), (KeyTransport::OaepMgf1Sha1, DataCipher::Aes256Gcm));
}

#[test]
fn a_group_of_entities_is_read() {
    let (idp, sp) = (idp(), sp());
    let inner =
        |entity: &EntityDescriptor| entity.write(&entity.entity_id.replace("https://", "_").replace('/', "."), None);
    let attribute_authority =
        "<md:EntityDescriptor entityID=\"urn:aa\"><md:AttributeAuthorityDescriptor/></md:EntityDescriptor>";
    let group = format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" validUntil=\"2025-01-16T12:00:00Z\">\
         <md:Extensions/>{}{attribute_authority}<md:EntitiesDescriptor validUntil=\"2025-02-16T12:00:00Z\">{}</md:EntitiesDescriptor>\
         </md:EntitiesDescriptor>",
        inner(&idp).unwrap(),
        inner(&sp).unwrap()
    );
    let entities = read(&group).unwrap().entities;
    let until = Some(NOW + 43_200);
    assert_eq!(
        entities,
        [EntityDescriptor { valid_until: until, ..idp }, EntityDescriptor { valid_until: until, ..sp }]
    );
}
