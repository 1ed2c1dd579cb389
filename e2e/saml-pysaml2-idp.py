"""An identity provider by pysaml2, as a ministry or a university has one.

    saml-pysaml2-idp.py SERVICE_METADATA KEY CERTIFICATE < ACCOUNTS

It prints its origin when it serves. /metadata is its metadata; /sso takes signed requests by HTTP-Redirect, asks who it
is and posts a signed answer. The service's metadata is read when the first request comes. The accounts are JSON:
attributes by user name, `sub` among them, which is opaque and stays; to know the user name is enough to sign in. An
account's `context` is said instead of what was asked.
"""

import json
import sys
from http.server import HTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.response import IncorrectlySigned
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.samlp import STATUS_AUTHN_FAILED
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

from serving import Pages

SHA256 = {"sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256}

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1>
<form method="post">
<label for="name">User name</label> <input id="name" name="name" autocomplete="username">
<button>Sign in</button> <button name="cancel" value="yes">Cancel</button>
</form></html>"""


def server_of(origin, key, certificate, *service_metadata):
    config = IdPConfig()
    config.load({
        "entityid": f"{origin}/metadata",
        "xmlsec_binary": "/usr/bin/xmlsec1",
        "key_file": key,
        "cert_file": certificate,
        "metadata": {"local": service_metadata},
        "service": {
            "idp": {
                "name": "Próba Egyetem",
                "endpoints": {"single_sign_on_service": [(f"{origin}/sso", BINDING_HTTP_REDIRECT)]},
                "name_id_format": [NAMEID_FORMAT_PERSISTENT],
                "want_authn_requests_signed": True,
                "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}},
            }
        },
    })
    return Server(config=config)


class IdentityProvider(Pages):
    # What makes the SAML side, once the service's metadata is there; and what it made.
    make = None
    made = None
    published = None
    accounts = None

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/metadata":
            self.metadata(self.published)
            return
        try:
            self.request_of(address)
        except IncorrectlySigned:
            self.send_error(403)
        else:
            self.html(PAGE)

    def do_POST(self):
        saml, request, relay_state = self.request_of(urlsplit(self.path))
        fields = self.fields()
        to = saml.response_args(request, [BINDING_HTTP_POST])
        account = self.accounts.get(fields["name"][0])
        if "cancel" in fields:
            failed = (STATUS_AUTHN_FAILED, None)
            response = saml.create_error_response(to["in_response_to"], to["destination"], failed, sign=True, **SHA256)
        elif account:
            response = self.response_about(account, saml, request, to)
        else:
            self.html(PAGE)
            return
        form = saml.apply_binding(BINDING_HTTP_POST, str(response), to["destination"], relay_state, response=True)
        self.html(form["data"])

    def request_of(self, address):
        """The SAML side, and the request and the relay state in an address, if its service signed them."""
        IdentityProvider.made = self.made or self.make()
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        request = self.made.parse_authn_request(
            query["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=query.get("RelayState"),
            sigalg=query["SigAlg"],
            signature=query["Signature"],
        )
        return self.made, request.message, query.get("RelayState", "")

    def response_about(self, account, saml, request, to):
        attributes = dict(account)
        name, context = attributes.pop("sub"), attributes.pop("context", None)
        asked = request.requested_authn_context
        asked = asked.authn_context_class_ref[0].text if asked else PASSWORDPROTECTEDTRANSPORT
        name_id = NameID(
            format=NAMEID_FORMAT_PERSISTENT,
            name_qualifier=saml.config.entityid,
            sp_name_qualifier=to["sp_entity_id"],
            text=name,
        )
        return saml.create_authn_response(
            attributes,
            to["in_response_to"],
            to["destination"],
            to["sp_entity_id"],
            name_id=name_id,
            authn={"class_ref": context or asked},
            sign_response=True,
            sign_assertion=True,
            **SHA256,
        )


def main(service_metadata, key, certificate):
    server = HTTPServer(("127.0.0.1", 0), IdentityProvider)
    origin = f"http://pysaml2-idp.localhost:{server.server_port}"
    IdentityProvider.make = staticmethod(lambda: server_of(origin, key, certificate, service_metadata))
    IdentityProvider.published = str(entity_descriptor(server_of(origin, key, certificate).config))
    IdentityProvider.accounts = json.load(sys.stdin)
    print(origin, flush=True)
    server.serve_forever()


main(*sys.argv[1:])
