"""Analysing: the scores of a text at once, by the rules of a site, without storing it."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.comments import Format
from moderation.model.errors import NotFound
from moderation.model.ids import SiteId
from moderation.model.languages import first_primary
from moderation.model.scoring import Judgement, Passage
from moderation.runtime import Runtime
from moderation.scoring import judge
from moderation.storage import classifier_versions, policies, sites


@dataclass(frozen=True, slots=True)
class Terms:
    """What a site says of texts that are analysed for it, as in `comments.Written`.

    `moderate` is whether they enter moderation too.
    """

    site_language: str
    route: str | None
    moderate: bool


@dataclass(frozen=True, slots=True)
class Analysed:
    """A text as it was sent, the tags of its languages as the sender says, and its sentences."""

    text: str
    format: Format
    languages: Sequence[str] = ()
    sentences: Sequence[str] = ()


def terms_of(runtime: Runtime, site_id: SiteId) -> Terms:
    """Return what the site says now. Raises NotFound, StorageUnavailable."""
    with runtime.reading() as connection:
        row = sites.by_id(connection, site_id)
        if row is None:
            raise NotFound("There is no such site.")
        pair = (site_id, classifier_versions.running(connection) or "")
        route = policies.in_force(connection, {pair})[pair].route
        version = None if route is None else route.classifier
        return Terms(row.languages[0], version, row.moderate_analysed)


def analyse(runtime: Runtime, terms: Terms, analysed: Analysed) -> Judgement:
    """Return what the classifier says of a text, and of each of its sentences.

    It says what it would say of a comment of the site, but that a text too short to tell counts as
    what the sender says. Nothing is stored. Raises ScoringUnavailable.
    """
    said = first_primary(analysed.languages)
    passage = Passage(
        text=analysed.text,
        format=analysed.format,
        said_language=said,
        site_language=said or terms.site_language,
        route=terms.route,
        parts=tuple(analysed.sentences),
    )
    [judgement] = judge(runtime.settings, [passage])
    return judgement
