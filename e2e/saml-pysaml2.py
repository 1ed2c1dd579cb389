"""A service by pysaml2 that has its answers as artifacts, fetches them by SOAP, and signs out by SOAP.

    saml-pysaml2.py IDP_METADATA KEY CERTIFICATE

It prints its origin when it serves. /metadata is its metadata, / begins a sign-in, /acs shows what it understood, and
/bent the names of those who are signed in. /ki signs them out at the identity provider; at /slo that tells of a sign-out.
"""

import base64
import socket
import sys
from http.server import HTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from saml2 import BINDING_HTTP_ARTIFACT, BINDING_HTTP_REDIRECT, BINDING_SOAP
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT
from saml2.saml import NAMESPACE as SAML
from saml2.samlp import NAMESPACE as SAMLP
from saml2.soap import parse_soap_enveloped_saml_artifact_response, parse_soap_enveloped_saml_logout_request
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256
from saml2.xmldsig import NAMESPACE as DS
from saml2.xmlenc import NAMESPACE as XENC

from serving import Pages

METHOD = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"
RESPONSE = f"{{{SAMLP}}}Response"
SIGNED = {"sign": True, "sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}

# What pysaml2 takes out of an envelope it writes anew. With the prefixes that were signed, a signature stays good.
for prefix, namespace in [("saml", SAML), ("samlp", SAMLP), ("ds", DS), ("xenc", XENC)]:
    ElementTree.register_namespace(prefix, namespace)

resolve = socket.getaddrinfo


def resolve_local(host, *rest, **named):
    """Finds `*.localhost` on this machine, as browsers do and not every resolver does."""
    here = isinstance(host, str) and host.endswith(".localhost")
    return resolve("127.0.0.1" if here else host, *rest, **named)


def client_of(origin, idp_metadata, key, certificate):
    config = SPConfig()
    config.load({
        "entityid": f"{origin}/metadata",
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": key,
        "cert_file": certificate,
        "encryption_keypairs": [{"key_file": key, "cert_file": certificate}],
        "metadata": {"local": [idp_metadata]},
        "allow_unknown_attributes": True,
        "service": {
            "sp": {
                "name": "Próba",
                "endpoints": {
                    "assertion_consumer_service": [(f"{origin}/acs", BINDING_HTTP_ARTIFACT)],
                    "single_logout_service": [(f"{origin}/slo", BINDING_SOAP)],
                },
                "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                "required_attributes": ["sn", "givenName", "displayName"],
                "authn_requests_signed": True,
                "want_response_signed": True,
                "want_assertions_signed": True,
            }
        },
    })
    return Saml2Client(config)


class Service(Pages):
    client = None
    outstanding = {}
    # The demo's one identity provider.
    idp = None

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/metadata":
            self.metadata(str(entity_descriptor(self.client.config)))
        elif address.path == "/acs":
            self.show(self.consumed(parse_qs(address.query)))
        elif address.path == "/bent":
            self.show([name.text for name in self.client.users.subjects()])
        elif address.path == "/ki":
            self.show([self.signed_out(name) for name in self.client.users.subjects()])
        else:
            self.go_to(self.begun())

    def do_POST(self):
        envelope = self.body()
        message = parse_soap_enveloped_saml_logout_request(envelope)
        request = self.client.sec.correctly_signed_logout_request(message, must=True)
        done = self.client.handle_logout_request(envelope, request.name_id, BINDING_SOAP, **SIGNED)
        self.answer("text/xml", done["data"])

    def begun(self):
        request, info = self.client.prepare_for_authenticate(
            entityid=self.idp,
            relay_state="vissza ide",
            binding=BINDING_HTTP_REDIRECT,
            response_binding=BINDING_HTTP_ARTIFACT,
            nameid_format=NAMEID_FORMAT_PERSISTENT,
            requested_authn_context={"authn_context_class_ref": [METHOD], "comparison": "minimum"},
            sigalg=SIG_RSA_SHA256,
        )[:2]
        self.outstanding[request] = "/"
        return dict(info["headers"])["Location"]

    def consumed(self, query):
        artifact, = query["SAMLart"]
        envelope = self.client.artifact2message(artifact, "idpsso", **SIGNED).text
        outer = parse_soap_enveloped_saml_artifact_response(envelope)
        answer = self.client.sec.correctly_signed_message(outer, "artifact_response", must=True)
        inner = ElementTree.tostring(ElementTree.fromstring(outer).find(RESPONSE))
        message = base64.b64encode(inner).decode()
        response = self.client.parse_authn_request_response(message, BINDING_HTTP_ARTIFACT, self.outstanding)
        again = self.client.artifact2message(artifact, "idpsso", **SIGNED).text
        return {
            "answer": type(answer).__name__,
            "relayState": query["RelayState"][0],
            "isAgain": ElementTree.fromstring(again).find(f".//{RESPONSE}") is not None,
            "isEncrypted": "EncryptedAssertion" in envelope,
            "issuer": response.issuer(),
            "nameId": response.name_id.text,
            "nameIdFormat": response.name_id.format,
            "sessionIndex": response.session_info()["session_index"],
            "context": response.authn_info()[0][0],
            "attributes": response.ava,
        }

    def signed_out(self, name):
        answers = self.client.global_logout(name, **SIGNED)
        self.client.local_logout(name)
        return answers[self.idp].response.status.status_code.value


def main(idp_metadata, key, certificate):
    socket.getaddrinfo = resolve_local
    server = HTTPServer(("127.0.0.1", 0), Service)
    origin = f"http://pysaml2.localhost:{server.server_port}"
    Service.client = client_of(origin, idp_metadata, key, certificate)
    Service.idp, = Service.client.metadata.identity_providers()
    print(origin, flush=True)
    server.serve_forever()


main(*sys.argv[1:])
