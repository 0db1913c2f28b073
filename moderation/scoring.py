"""Asking the scoring process: scores of a few texts, in time or not at all.

Both sides of the conversation are described here; worker/scoring.py is the other one.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeVar

import httpcore2
from pydantic import TypeAdapter, ValidationError

from moderation.model.errors import ScoringUnavailable
from moderation.model.scoring import Judge, Judgement, Passage, Question
from moderation.settings import Settings

Wanted = TypeVar("Wanted")

QUESTION = TypeAdapter(Question)
JUDGEMENTS = TypeAdapter(list[Judgement])
JUDGE = TypeAdapter(Judge)

ABOUT_SECONDS = 2.0
"""Who judges is known without any computing."""

_FAILURES = (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError)


def judge(settings: Settings, passages: Sequence[Passage]) -> list[Judgement]:
    """Return what the classifier says of each passage. Raises ScoringUnavailable.

    It says exactly what it would say of a comment that was posted.
    """
    seconds = settings.scoring_seconds
    question = QUESTION.dump_json(Question(tuple(passages), seconds))
    return _parse(JUDGEMENTS, _exchange(settings, "POST", question, seconds))


def who_judges(settings: Settings) -> Judge:
    """Return the classifier that judges, with its labels. Raises ScoringUnavailable."""
    return _parse(JUDGE, _exchange(settings, "GET", b"", ABOUT_SECONDS))


def _exchange(settings: Settings, method: str, body: bytes, seconds: float) -> bytes:
    url = httpcore2.URL(settings.scoring_url)
    headers = [("Authorization", settings.scoring_authorization), ("Connection", "close")]
    # The peer is our own and answers in one piece: a limit for each step is a limit for all.
    timeout = dict.fromkeys(("connect", "write", "read"), seconds)
    try:
        with httpcore2.HTTPConnection(url.origin) as connection:
            response = connection.request(
                method, url, headers=headers, content=body, extensions={"timeout": timeout}
            )
    except _FAILURES:
        raise ScoringUnavailable("The scoring process does not answer in time.") from None
    if response.status != HTTPStatus.OK:
        raise ScoringUnavailable(f"The scoring process answers {response.status}.")
    return response.content


def _parse(kind: TypeAdapter[Wanted], body: bytes) -> Wanted:
    try:
        return kind.validate_json(body)
    except ValidationError:
        raise ScoringUnavailable("The scoring process is of another version.") from None
