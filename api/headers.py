"""Security headers: one policy for every response, errors included."""

from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Static, without nonces: there is no inline script or style at all."""

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

TWO_YEARS = 63_072_000
STRICT_TRANSPORT_SECURITY = f"max-age={TWO_YEARS}"


def register(app: Flask, *, https: bool) -> None:
    """Put the headers on every response; `https` says whether people reach us only so."""

    def add_headers(response: Response) -> Response:
        response.headers.update(SECURITY_HEADERS)
        # Static files may be kept and asked about again; whatever says nothing is not kept.
        response.headers.setdefault("Cache-Control", "no-store")
        if https:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT_SECURITY
        return response

    app.after_request(add_headers)
