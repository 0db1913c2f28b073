"""POST /v1alpha1/comments:suggestscore: what moderators say the scores should have been."""

from flask import Response

from api.compat.asking import asking
from api.compat.perspective.access import access
from api.compat.perspective.comments import check_context, comment_of
from api.compat.perspective.errors import refused, unknown_attribute
from api.compat.perspective.masks import Shape
from api.compat.perspective.messages import (
    DEFAULT_TYPES,
    PROBABILITY,
    Score,
    SuggestCommentScoreRequest,
)
from api.compat.perspective.parameters import check_parameters, respond
from api.compat.perspective.parsing import read_message
from api.compat.texts import MOST_OF_A_NAME, replace_nul
from api.web import web
from moderation.model.errors import ScoringUnavailable
from moderation.model.labels import Label
from moderation.model.languages import first_primary
from moderation.model.perspective import LABELS
from moderation.services.analysing import Analysed, analyse, terms_of
from moderation.services.suggesting import Suggestion, suggest

SHAPE: Shape = {"clientToken": {}, "detectedLanguages": {}, "requestedLanguages": {}}


def suggest_score() -> Response:
    """Store the suggested scores, unless the request says that nothing shall be stored."""
    mask = check_parameters(SHAPE)
    request = read_message(SuggestCommentScoreRequest)
    text, written = comment_of(request.comment)
    scores = _scores(request)
    check_context(request.context)
    suggestion = Suggestion(
        text,
        scores,
        _name("community_id", request.community_id),
        _name("client_token", request.client_token),
        first_primary(request.languages or ()),
    )
    if not request.do_not_store:
        suggest(web().runtime, access().site_id, suggestion)
    answer = {
        "clientToken": request.client_token,
        "detectedLanguages": _detected(Analysed(text, written, request.languages or ())),
        "requestedLanguages": request.languages,
    }
    return respond({name: value for name, value in answer.items() if value is not None}, mask)


def _scores(request: SuggestCommentScoreRequest) -> dict[Label, float]:
    """Return the suggested scores by label. Raises Refusal."""
    if not request.attribute_scores:
        raise refused("Missing attribute_scores")
    found = {}
    for name, scores in request.attribute_scores.items():
        if name not in LABELS:
            raise unknown_attribute(name)
        if scores is None or scores.summary_score is None:
            raise refused(f"Missing summary_score of {name}")
        found[LABELS[name]] = _value(name, scores.summary_score)
    return found


def _value(name: str, score: Score) -> float:
    # As everywhere in protocol buffers, a number that is left out is zero.
    value = score.value or 0.0
    if score.type not in DEFAULT_TYPES or not 0.0 <= value <= 1.0:
        raise refused(f"The score of {name} is no {PROBABILITY} from 0 to 1.")
    return value


def _name(field: str, given: str | None) -> str:
    if given is not None and len(given) > MOST_OF_A_NAME:
        raise refused(f"{field} is longer than {MOST_OF_A_NAME} characters.")
    return replace_nul(given or "")


def _detected(analysed: Analysed) -> list[str] | None:
    """Return the language of the text; None while nobody can say, for what counts is stored."""
    runtime = web().runtime
    terms = terms_of(runtime, access().site_id)
    try:
        with asking():
            language = analyse(runtime, terms, analysed).facts.language
    except ScoringUnavailable:
        return None
    return None if language is None else [language]
