"""Answers of `comments:analyze`: a judgement of ours in Perspective's shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.compat.perspective.comments import empty
from api.compat.perspective.errors import (
    Refusal,
    refused,
    unknown_attribute,
    unsupported_language,
)
from api.compat.perspective.masks import ANY, Shape
from api.compat.perspective.messages import (
    DEFAULT_TYPES,
    PROBABILITY,
    AnalyzeCommentRequest,
    AttributeParameters,
)
from api.compat.perspective.spans import Span
from moderation.model.languages import UNDETERMINED, primary
from moderation.model.perspective import LABELS
from moderation.model.scoring import Judgement

_SCORE: Shape = {"value": {}, "type": {}}
SHAPE: Shape = {
    "attributeScores": {
        ANY: {"summaryScore": _SCORE, "spanScores": {"begin": {}, "end": {}, "score": _SCORE}}
    },
    "languages": {},
    "detectedLanguages": {},
    "clientToken": {},
}

Wanted = Mapping[str, AttributeParameters]


def wanted_attributes(request: AnalyzeCommentRequest) -> Wanted:
    """Return the attributes of a request. Raises Refusal: none, unknown, or no probability."""
    given = request.requested_attributes or {}
    if not given:
        raise refused("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    for name, parameters in given.items():
        if name not in LABELS:
            raise unknown_attribute(name)
        if parameters and parameters.score_type not in DEFAULT_TYPES:
            raise refused(
                f"Attribute {name} does not have the score type {parameters.score_type}, only "
                f"{PROBABILITY}."
            )
    return {name: parameters or AttributeParameters() for name, parameters in given.items()}


def answer(
    request: AnalyzeCommentRequest, wanted: Wanted, judgement: Judgement, spans: Sequence[Span]
) -> dict[str, Any]:
    """Return the body of an answer. Raises Refusal where there are no scores that mean anything."""
    facts = judgement.facts
    if facts.failure:
        raise empty()
    for name in wanted:
        if LABELS[name] not in facts.scores:
            raise unknown_attribute(name)
    refusal = _refusal_of_language(request, wanted, judgement)
    if refusal and not request.drop_unsupported_attributes:
        raise refusal
    detected = facts.language or UNDETERMINED
    body = {
        "attributeScores": {} if refusal else dict(_scores(wanted, judgement, spans)),
        "languages": request.languages or [detected],
        "detectedLanguages": [detected],
    }
    return body if request.client_token is None else body | {"clientToken": request.client_token}


def _refusal_of_language(
    request: AnalyzeCommentRequest, wanted: Wanted, judgement: Judgement
) -> Refusal | None:
    """Return why a text cannot be scored in its language; None where it can.

    Languages that the request states are believed, like there, if the classifier knows them.
    """
    facts, first = judgement.facts, next(iter(wanted))
    foreign = [tag for tag in request.languages or () if primary(tag) not in judgement.languages]
    if foreign:
        return unsupported_language(first, foreign, requested=True)
    if not (facts.supported or request.languages) and facts.language not in (None, UNDETERMINED):
        return unsupported_language(first, [facts.language], requested=False)
    # In letters that the classifier has not learnt its scores would be noise.
    if not facts.readable or not (facts.supported or request.languages):
        return refused("Unable to detect language", "LANGUAGE_DETECTION_FAILED")
    return None


def _scores(
    wanted: Wanted, judgement: Judgement, spans: Sequence[Span]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each attribute that reaches its threshold, with the sentences that do."""
    whole = judgement.facts.scores
    # One sentence is the whole comment, and is not scored twice.
    parts = judgement.parts or (whole,)
    for name, parameters in wanted.items():
        label, least = LABELS[name], parameters.score_threshold or 0.0
        if whole[label] < least:
            continue
        found = [
            {"begin": span.begin, "end": span.end, "score": _score(scores[label])}
            for span, scores in zip(spans, parts, strict=True)
            if scores[label] >= least
        ]
        yield name, {"spanScores": found, "summaryScore": _score(whole[label])}


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": PROBABILITY}
