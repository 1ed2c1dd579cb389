"""What the services and providers in Python serve their pages with."""

import json
from html import escape
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs


class Pages(BaseHTTPRequestHandler):
    def fields(self):
        """The fields of a form that was posted."""
        return parse_qs(self.body(), keep_blank_values=True)

    def body(self):
        return self.rfile.read(int(self.headers["content-length"])).decode()

    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def html(self, text):
        self.answer("text/html; charset=utf-8", text)

    def metadata(self, text):
        self.answer("application/samlmetadata+xml", text)

    def show(self, value):
        self.html(f'<!doctype html><html lang="hu"><title>Próba</title><pre>{escape(json.dumps(value))}</pre></html>')

    def go_to(self, location):
        self.send_response(302)
        self.send_header("location", location)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing of what is served."""
