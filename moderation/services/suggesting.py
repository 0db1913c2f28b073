"""Suggesting: what a site's own moderators say the scores of a text should be, for tuning.

A free stream of labels: Coral sends one with every decision of a person. Texts are not stored with
them; a label is of use while the site has the comment here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from moderation.model.comments import Comment, Status, digest_text
from moderation.model.ids import SiteId, new_uuid
from moderation.model.labels import Label
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import comments, suggested_scores
from moderation.storage.database import Connection

NAMES_A_COMMENT = "comment:"
"""What Coral puts before its own id of a comment."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Scores for a text, who says so, and which comment it is, both in the caller's own words."""

    text: str
    scores: Mapping[Label, float]
    community: str = ""
    client_token: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestedScore:
    """A suggested score of a comment that is here."""

    external_id: str
    text: str
    label: Label
    score: float


def suggest(runtime: Runtime, site_id: SiteId, suggestion: Suggestion) -> None:
    """Store suggested scores; the same people's earlier ones for this text are replaced.

    Of a comment that was erased nothing is stored. Raises StorageUnavailable.
    """
    with runtime.transaction() as connection:
        comment = _named(connection, site_id, suggestion.client_token)
        if comment is not None and comment.status is Status.ERASED:
            return
        shared = {
            "site_id": site_id,
            "comment_id": None if comment is None else comment.id,
            "community": suggestion.community,
            "client_token": suggestion.client_token,
            "text_digest": digest_text(suggestion.text),
            "language": suggestion.language,
            "suggested_at": runtime.database_now(connection),
        }
        rows = [
            shared | {"id": new_uuid(), "label": label, "score": score}
            for label, score in suggestion.scores.items()
        ]
        suggested_scores.put_all(connection, rows)


def list_suggested(runtime: Runtime, site_name: str) -> Iterator[SuggestedScore]:
    """Yield what was suggested for comments that the site has here. Raises NotFound."""
    with runtime.reading() as connection:
        site = site_named(connection, site_name)
        for row in suggested_scores.with_texts(connection, site.id):
            yield SuggestedScore(row.external_id, row.text, Label(row.label), row.score)


def _named(connection: Connection, site_id: SiteId, client_token: str) -> Comment | None:
    """Return the comment that a token names, locked: an erasure must see what is stored here."""
    for external_id in dict.fromkeys((client_token, client_token.removeprefix(NAMES_A_COMMENT))):
        comment = comments.by_external_id(connection, site_id, external_id, lock=True)
        if comment is not None:
            return comment
    return None
