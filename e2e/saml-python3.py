"""A service by python3-saml with its defaults.

    saml-python3.py IDP_METADATA

It prints its origin when it serves. /metadata is its metadata, / begins a sign-in, /acs shows what it understood.
"""

import sys
from http.server import HTTPServer
from pathlib import Path

from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from serving import Pages


class Service(Pages):
    settings = None
    asked = None

    def do_GET(self):
        if self.path == "/metadata":
            self.metadata(OneLogin_Saml2_Settings(self.settings, sp_validation_only=True).get_sp_metadata())
            return
        saml = self.saml({})
        self.go_to(saml.login(return_to="vissza ide"))
        Service.asked = saml.get_last_request_id()

    def do_POST(self):
        fields = {name: value for name, (value,) in self.fields().items()}
        saml = self.saml(fields)
        saml.process_response(request_id=self.asked)
        self.show({
            "fault": saml.get_last_error_reason(),
            "relayState": fields["RelayState"],
            "nameId": saml.get_nameid(),
            "nameIdFormat": saml.get_nameid_format(),
            "sessionIndex": saml.get_session_index(),
            "contexts": saml.get_last_authn_contexts(),
            "attributes": saml.get_attributes(),
        })

    def saml(self, fields):
        request = {"https": "off", "http_host": self.headers["host"], "script_name": self.path, "post_data": fields}
        return OneLogin_Saml2_Auth(request, self.settings)


def main(idp_metadata):
    server = HTTPServer(("127.0.0.1", 0), Service)
    origin = f"http://python3-saml.localhost:{server.server_port}"
    idp = OneLogin_Saml2_IdPMetadataParser.parse(Path(idp_metadata).read_bytes())
    # What has to be said: the rest is as the library has it.
    sp = {"entityId": f"{origin}/metadata", "assertionConsumerService": {"url": f"{origin}/acs"}}
    Service.settings = OneLogin_Saml2_IdPMetadataParser.merge_settings(idp, {"strict": True, "sp": sp})
    print(origin, flush=True)
    server.serve_forever()


main(*sys.argv[1:])
