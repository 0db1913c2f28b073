"""POST /v1alpha1/comments:analyze: the scores of one comment."""

from flask import Response

from api.compat.asking import asking
from api.compat.perspective.access import access
from api.compat.perspective.answers import SHAPE, answer, wanted_attributes
from api.compat.perspective.comments import check_context, comment_of
from api.compat.perspective.entering import enter_moderation
from api.compat.perspective.messages import AnalyzeCommentRequest
from api.compat.perspective.parameters import check_parameters, respond
from api.compat.perspective.parsing import read_message
from api.compat.perspective.spans import spans_of, whole
from api.web import web
from moderation.services.analysing import Analysed, analyse, terms_of


def analyze() -> Response:
    """Score a comment; nothing of it is kept, unless its site wants it moderated and it may be."""
    mask = check_parameters(SHAPE)
    request = read_message(AnalyzeCommentRequest)
    text, written = comment_of(request.comment)
    wanted = wanted_attributes(request)
    check_context(request.context)
    spans = spans_of(text, written) if request.span_annotations else [whole(text)]
    sentences = [span.text for span in spans] if len(spans) > 1 else []
    analysed = Analysed(text, written, request.languages or (), sentences)
    runtime = web().runtime
    terms = terms_of(runtime, access().site_id)
    if terms.moderate and not request.do_not_store:
        # First, so that the desk has it also where nobody can score it now.
        enter_moderation(request, text, written)
    with asking():
        judgement = analyse(runtime, terms, analysed)
    return respond(answer(request, wanted, judgement, spans), mask)
