"""Analysing: the scores of a text at once, by the rules of a site, without storing it."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.comments import Format
from moderation.model.errors import NotFound
from moderation.model.ids import SiteId
from moderation.model.languages import primary
from moderation.model.scoring import Judgement, Passage
from moderation.runtime import Runtime
from moderation.scoring import judge
from moderation.storage import policies, sites


@dataclass(frozen=True, slots=True)
class Analysed:
    """A text as it was sent, the tags of its languages as the sender says, and its sentences."""

    text: str
    format: Format
    languages: Sequence[str] = ()
    sentences: Sequence[str] = ()


def analyse(runtime: Runtime, site_id: SiteId, analysed: Analysed) -> Judgement:
    """Return what the classifier says of a text, and of each of its sentences.

    It says what it would say of a comment of this site, but that a text too short to tell counts as
    what the sender says. Nothing is stored. Raises ScoringUnavailable, StorageUnavailable.
    """
    said = next(iter(map(primary, analysed.languages)), None)
    with runtime.reading() as connection:
        site = sites.by_id(connection, site_id)
        if site is None:
            raise NotFound("There is no such site.")
        policy = policies.current(connection, {site_id})[site_id]
    passage = Passage(
        text=analysed.text,
        format=analysed.format,
        said_language=said,
        site_language=said or site.languages[0],
        route=None if policy.route is None else policy.route.classifier,
        parts=tuple(analysed.sentences),
    )
    [judgement] = judge(runtime.settings, [passage])
    return judgement
