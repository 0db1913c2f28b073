"""What goes over the wire, and what of it is believed. docs/classifiers/remote.md is its text."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moderation.model.errors import ClassifierFailed
from moderation.model.labels import OF_CLASSIFIERS, Label, Scores
from moderation.model.languages import NAMES

MOST_TEXTS = 64
"""In one request."""

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:@/-]{0,79}")
"""The tables hold 100 characters, and ours puts `remote@` before it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a server says that it is."""

    version: str
    labels: frozenset[Label]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of some texts; `scores` are not believed yet."""

    version: str
    scores: Any

    def checked(self, count: int, labels: frozenset[Label]) -> list[Scores]:
        """Return the scores of so many texts. Raises ClassifierFailed where they are none.

        A label that is missing, or a NaN, would lie over no threshold and approve a comment that
        nobody judged.
        """
        if not isinstance(self.scores, list) or len(self.scores) != count:
            raise ClassifierFailed(f"`scores` is no list of {count}, one for each text")
        return [_scores(one, labels) for one in self.scores]


def request_body(texts: Sequence[str]) -> bytes:
    """Return the request to score these texts.

    Half a surrogate pair is no character: many parsers would refuse the whole request for it.
    """
    sent = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
    return json.dumps({"texts": sent}, ensure_ascii=False).encode()


def read_description(body: bytes) -> Description:
    """Read what a server says that it is. Raises ClassifierFailed."""
    document = _document(body)
    return Description(
        version=_version(document),
        labels=frozenset(map(Label, _among(document, "labels", frozenset(OF_CLASSIFIERS)))),
        languages=_among(document, "languages", frozenset(NAMES)),
    )


def read_answer(body: bytes) -> Answer:
    """Read the answer to a request. Raises ClassifierFailed; quotes nothing of it."""
    document = _document(body)
    return Answer(_version(document), document.get("scores"))


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise ClassifierFailed("the answer is not JSON") from None
    if not isinstance(document, dict):
        raise ClassifierFailed("the answer is no JSON object")
    return document


def _version(document: dict[str, Any]) -> str:
    version = document.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise ClassifierFailed("`version` is no name of at most 80 letters, digits and ._+:@/-")
    return version


def _among(document: dict[str, Any], field: str, known: frozenset[str]) -> frozenset[str]:
    values = document.get(field)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise ClassifierFailed(f"`{field}` is no list of names")
    if unknown := set(values) - known:
        raise ClassifierFailed(
            f"`{field}` names {min(unknown)[:40]!r}; there are {', '.join(sorted(known))}"
        )
    return frozenset(values)


def _scores(found: object, labels: frozenset[Label]) -> Scores:
    if not isinstance(found, dict) or found.keys() != labels:
        raise ClassifierFailed(f"`scores` must give each text {', '.join(sorted(labels))}")
    return {label: _score(found[label], label) for label in Label if label in labels}


def _score(value: object, label: Label) -> float:
    if type(value) not in {int, float} or not 0.0 <= value <= 1.0:  # type: ignore[operator]
        raise ClassifierFailed(f"the score of {label} is no number from 0 to 1")
    return float(value)  # type: ignore[arg-type]
