"""POST /coral/SITE: what Coral shall do with a comment that somebody posts or edits."""

from dataclasses import dataclass

from flask import Response, request

from api.bodies import read_bytes
from api.compat.asking import asking
from api.compat.coral.answers import answer
from api.compat.coral.comments import to_new
from api.compat.coral.deadlines import deadline, in_time, left
from api.compat.coral.messages import read_message
from api.compat.coral.refusal import Refusal
from api.compat.coral.signatures import HEADER, is_signed
from api.web import web
from moderation.model.comments import Format
from moderation.model.ids import SiteId
from moderation.services.coral import find_phase
from moderation.services.reading import CommentView, wait_for_decision

NOBODYS = "no site's secret"


def moderate(name: str) -> Response:
    """Accept the comment, and answer with the decision that its own job comes to, or in time."""
    until = deadline()
    signed = _Signed(name.rstrip("/"), read_bytes(), request.headers.get(HEADER, ""))
    # Plain is the safe guess: markup that is taken for words hides none.
    written = Format.HTML if request.args.get("format") == Format.HTML else Format.PLAIN
    return answer(in_time(lambda: _decided(signed, written, until), until))


@dataclass(frozen=True, slots=True)
class _Signed:
    """A request as it came, and whom it claims to come from."""

    site_name: str
    body: bytes
    signatures: str


def _decided(signed: _Signed, written: Format, until: float) -> CommentView:
    """Return the comment as soon as it is decided, or as it stands when the time is over."""
    site_id = _site_that_signed(signed)
    new = to_new(read_message(signed.body), written)
    # Accepted like any other: whoever decides it and when, the desk and the record have it.
    submitted = web().intake.submit(site_id, new)
    with asking():
        return wait_for_decision(web().runtime, web().waiters, site_id, submitted, left(until))


def _site_that_signed(signed: _Signed) -> SiteId:
    """Return whose Coral asks. Raises Refusal."""
    phase = find_phase(web().runtime, signed.site_name)
    # Computed in any case, so that the time taken does not tell which sites are connected.
    secret = phase.secret if phase else NOBODYS
    if not is_signed(signed.body, signed.signatures, secret) or phase is None:
        raise Refusal("not-signed")
    return phase.site_id
