"""The feed of a person: what waits for them, as Atom (RFC 4287)."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from api.notifications.atom import document
from api.web import web
from moderation.model.errors import NotFound
from moderation.services.notifications import read_feed

ATOM = "application/atom+xml; charset=utf-8"
KEPT_SECONDS = 60


def feed(token: str) -> ResponseReturnValue:
    """Answer with the feed; nothing (304) while it is as it was.

    For any other token as for an address that nobody serves.
    """
    try:
        found = read_feed(web().runtime, token)
    except NotFound:
        abort(404)
    response = Response(document(found, web().runtime.settings.base_url), content_type=ATOM)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.add_etag()
    return response.make_conditional(request)
