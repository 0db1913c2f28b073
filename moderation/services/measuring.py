"""Measuring: what is counted of comments beside their scores, in the transaction that decides."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from moderation.markup import addresses_in, as_read
from moderation.model.comments import Comment
from moderation.model.ids import SiteId
from moderation.model.links import elsewhere
from moderation.model.measures import MOST, PACE_TIME, REPEATS_TIME, Measure
from moderation.model.prints import number_of
from moderation.model.sites import Site
from moderation.services.keeping import Scored
from moderation.storage import measures
from moderation.storage.database import Connection

Counts = dict[Measure, int]


def with_counts(
    connection: Connection,
    scored: Sequence[Scored],
    sites: Mapping[SiteId, Site],
    now: datetime,
) -> list[Scored]:
    """Add to each outcome what is counted of its comment. It costs a statement for all together.

    All of it is counted, whether or not a policy asks: so a limit can be tried on the past.
    """
    texts = [as_read(one.comment.text or "", one.comment.format) for one in scored]
    sites_of = [one.comment.site_id for one in scored]
    prints = [number_of(text, site_id) for text, site_id in zip(texts, sites_of, strict=True)]
    others = _others(connection, scored, prints, now)
    return [
        _with(one, text, of_text, counts | {Measure.LINKS: _links(one.comment, sites)})
        for one, text, of_text, counts in zip(scored, texts, prints, others, strict=True)
    ]


def _others(
    connection: Connection, scored: Sequence[Scored], prints: Sequence[int | None], now: datetime
) -> Iterator[Counts]:
    """Yield what other comments say of each."""
    asked = [
        measures.Asked(c.id, of_text, c.received_at - PACE_TIME, now - REPEATS_TIME)
        for one, of_text in zip(scored, prints, strict=True)
        for c in [one.comment]
    ]
    stored = measures.of_others(connection, asked)
    # What says the same in the same batch is not stored yet.
    seen = Counter[int | None]()
    for one, of_text in zip(scored, prints, strict=True):
        found = stored[one.comment.id]
        yield {**found, Measure.REPEATS: found[Measure.REPEATS] + seen[of_text]}
        seen[of_text] += of_text is not None


def _links(comment: Comment, sites: Mapping[SiteId, Site]) -> int:
    addresses = addresses_in(comment.text or "", comment.format)
    return len(elsewhere(addresses, sites[comment.site_id].hosts))


def _with(one: Scored, text: str, of_text: int | None, counts: Counts) -> Scored:
    every = {**counts, Measure.LENGTH: len(text)}
    capped = {measure: min(many, MOST[measure]) for measure, many in every.items()}
    outcome = replace(one.outcome, facts=replace(one.outcome.facts, counts=capped))
    return replace(one, outcome=outcome, print=of_text)
