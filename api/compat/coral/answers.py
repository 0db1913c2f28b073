"""Answers: what Coral is told to do, in its own words."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

from api.compat.coral.refusal import Refusal
from moderation.model.comments import Display, Status
from moderation.model.decisions import ReasonKind
from moderation.services.reading import CommentView

REASON_HEADER = "Copydesk-Reason"
"""Why a comment was put before a person without being judged. Coral does not look at it."""

_TOXIC = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}


def answer(view: CommentView) -> Response:
    """Say what follows from a comment's last decision. Raises Refusal where there is none yet.

    To approve is to have no objection: Coral goes on with its own rules, such as premoderation of
    who is new. Any status, also NONE, would end them.
    """
    status = view.comment.status
    if status is Status.APPROVED:
        return Response(status=HTTPStatus.NO_CONTENT)
    kinds = {one.kind for one in view.decision.reasons} if view.decision else set()
    # Coral has a word for scores, and for no other reason of ours.
    actions = [_TOXIC] if ReasonKind.LABEL in kinds else []
    if status is Status.REJECTED:
        return _tell("REJECTED", actions)
    if status is not Status.FLAGGED:
        raise Refusal("late")
    if view.display is Display.SHOW and kinds == {ReasonKind.LABEL}:
        # Published, and among the comments that were reported. What was not judged is held.
        return _tell(None, actions)
    return _tell("PREMOD", actions)


def premoderate(reason: str) -> Response:
    """Put a comment before a person that was not judged."""
    response = _tell("PREMOD", ())
    response.headers[REASON_HEADER] = reason
    return response


def _tell(status: str | None, actions: Sequence[Mapping[str, str]]) -> Response:
    body: dict[str, Any] = {} if status is None else {"status": status}
    if actions:
        body["actions"] = list(actions)
    return Response(json.dumps(body), content_type="application/json")
