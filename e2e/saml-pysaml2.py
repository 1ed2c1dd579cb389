"""A service by pysaml2 that has its answers as artifacts and fetches them by SOAP.

    saml-pysaml2.py IDP_METADATA KEY CERTIFICATE

It prints its origin when it serves. /metadata is its metadata, / begins a sign-in, /acs shows what it understood.
"""

import base64
import json
import re
import socket
import sys
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_ARTIFACT, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

METHOD = "urn:eksz.gov.hu:1.0:azonositas:kau:2:uk:totp"
SIGNED = {"sign": True, "sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}

ARTIFACT_RESPONSE = re.compile(r"<(\w+:)ArtifactResponse\b.*</\1ArtifactResponse>", re.DOTALL)
RESPONSE = re.compile(r"<(\w+:)Response\b.*</\1Response>", re.DOTALL)

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
                "endpoints": {"assertion_consumer_service": [(f"{origin}/acs", BINDING_HTTP_ARTIFACT)]},
                "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                "required_attributes": ["sn", "givenName", "displayName"],
                "authn_requests_signed": True,
                "want_response_signed": True,
                "want_assertions_signed": True,
            }
        },
    })
    return Saml2Client(config)


def signed_messages(envelope):
    """The ArtifactResponse and the answer in it, with the octets that were signed.

    What pysaml2 itself takes out of an envelope it writes anew, under other prefixes.
    """
    outer = ARTIFACT_RESPONSE.search(envelope).group(0)
    inner = RESPONSE.search(outer).group(0)
    declared = dict(re.findall(r'\bxmlns:(\w+)="([^"]*)"', outer.partition(">")[0]))
    own = dict(re.findall(r'\bxmlns:(\w+)="([^"]*)"', inner.partition(">")[0]))
    missing = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in declared.items() if prefix not in own)
    tag, rest = re.match(r"(<[\w:]+)(.*)", inner, re.DOTALL).groups()
    return outer, f"{tag}{missing}{rest}"


class Service(BaseHTTPRequestHandler):
    client = None
    outstanding = {}
    # The demo's one identity provider.
    idp = None

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/metadata":
            self.answer("application/samlmetadata+xml", str(entity_descriptor(self.client.config)))
        elif address.path == "/acs":
            self.answer("text/html; charset=utf-8", self.consumed(parse_qs(address.query)))
        else:
            self.send_response(302)
            self.send_header("location", self.begun())
            self.end_headers()

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
        outer, inner = signed_messages(envelope)
        answer = self.client.sec.correctly_signed_message(outer, "artifact_response", must=True)
        message = base64.b64encode(inner.encode()).decode()
        response = self.client.parse_authn_request_response(message, BINDING_HTTP_ARTIFACT, self.outstanding)
        again = self.client.artifact2message(artifact, "idpsso", **SIGNED).text
        understood = {
            "answer": type(answer).__name__,
            "relayState": query["RelayState"][0],
            "isAgain": RESPONSE.search(again) is not None,
            "isEncrypted": "EncryptedAssertion" in envelope,
            "issuer": response.issuer(),
            "nameId": response.name_id.text,
            "nameIdFormat": response.name_id.format,
            "sessionIndex": response.session_info()["session_index"],
            "context": response.authn_info()[0][0],
            "attributes": response.ava,
        }
        return f'<!doctype html><html lang="hu"><title>Próba</title><pre>{escape(json.dumps(understood))}</pre></html>'

    def log_message(self, *_):
        """Says nothing of what is served."""

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(idp_metadata, key, certificate):
    socket.getaddrinfo = resolve_local
    server = HTTPServer(("127.0.0.1", 0), Service)
    origin = f"http://pysaml2.localhost:{server.server_port}"
    Service.client = client_of(origin, idp_metadata, key, certificate)
    Service.idp, = Service.client.metadata.identity_providers()
    print(origin, flush=True)
    server.serve_forever()


main(*sys.argv[1:])
