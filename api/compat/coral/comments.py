"""Comments: what Coral sends, as a comment of ours."""

import hashlib
import json
import re

from api.compat.coral.messages import ModerationRequest
from api.compat.coral.refusal import Refusal
from api.compat.texts import MOST_OF_A_NAME, replace_nul
from moderation.model.comments import MAX_TEXT_LENGTH, Author, Format, NewComment, Thread

PREFIX = "coral:"
MOST_OF_A_ROLE = 64
MOST_OF_AN_ADDRESS = 2048

_WEB_ADDRESS = re.compile(r"https?://[^\x00-\x20]+")


def to_new(request: ModerationRequest, written: Format) -> NewComment:
    """Return the comment of a request. Raises Refusal: there is no text in it, or too much.

    Of what stands beside the text, what cannot be kept is left out: the comment matters more.
    """
    text = replace_nul(request.comment.body)
    if not text.strip():
        raise Refusal("no-text")
    if len(text) > MAX_TEXT_LENGTH:
        raise Refusal("too-long")
    return NewComment(
        external_id=external_id(request),
        text=text,
        format=written,
        author=Author(id=_kept(request.author.id), role=_kept(request.author.role, MOST_OF_A_ROLE)),
        thread=Thread(id=_kept(request.story.id), url=_address(request.story.url)),
        parent_external_id=_kept(request.comment.parentID),
        metadata={
            "coral_action": _kept(request.action),
            "coral_site": _kept(request.site.id),
            "coral_tenant": _kept(request.tenantDomain),
        },
    )


def external_id(request: ModerationRequest) -> str:
    """Return an id that the same words of the same author in the same place get again.

    Coral does not say its own, and for a new comment has none yet.
    """
    said = (
        request.tenantID,
        request.story.id,
        request.author.id,
        request.comment.parentID,
        request.comment.body,
    )
    # As JSON.stringify writes it, so that Coral's side can compute it too.
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return PREFIX + hashlib.sha256(written.encode()).hexdigest()


def _kept(given: str | None, most: int = MOST_OF_A_NAME) -> str | None:
    if not given or len(given) > most or "\0" in given:
        return None
    return given


def _address(given: str | None) -> str | None:
    kept = _kept(given, MOST_OF_AN_ADDRESS)
    return kept if kept and _WEB_ADDRESS.fullmatch(kept) else None
