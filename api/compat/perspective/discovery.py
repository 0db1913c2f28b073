"""GET /$discovery/rest: the description from which Google's client libraries make their methods.

Its shape is that of Google's API Discovery Service; the address that it names is this one.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Response, request

from api.compat.asking import asking
from api.compat.perspective.errors import not_found
from api.compat.perspective.parameters import check_parameters, respond
from api.web import web
from moderation.model.errors import ScoringUnavailable
from moderation.model.perspective import attributes_of
from moderation.scoring import who_judges
from moderation.settings import Settings

VERSION = "v1alpha1"


def describe() -> Response:
    """Describe the methods, and say which attributes the running classifier scores."""
    if request.args.get("version", VERSION) != VERSION:
        raise not_found()
    check_parameters({})
    settings = web().runtime.settings
    own = {
        "rootUrl": f"{settings.base_url}/",
        "baseUrl": f"{settings.base_url}/",
        "description": _description(settings),
    }
    return respond(_document() | own, {})


@cache
def _document() -> dict[str, Any]:
    text = Path(__file__).with_name("discovery.json").read_text()
    return cast("dict[str, Any]", json.loads(text))


def _description(settings: Settings) -> str:
    try:
        with asking():
            judge = who_judges(settings)
    except ScoringUnavailable:
        return "Scores comments. Which attributes it scores cannot be told at the moment."
    attributes = ", ".join(attributes_of(judge.labels))
    return (
        f"Scores comments with {judge.version}, which knows the languages "
        f"{', '.join(sorted(judge.languages))} and scores {attributes}, and nothing else."
    )
