"""The smallest receiver of webhooks: 204 to whatever is posted."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()


HTTPServer(("", 9000), Receiver).serve_forever()
