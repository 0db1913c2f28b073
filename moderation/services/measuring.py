"""Measuring: what is counted of comments beside their scores, in the transaction that decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from moderation.markup import addresses_in, as_read
from moderation.model.comments import Comment
from moderation.model.ids import SiteId
from moderation.model.links import elsewhere
from moderation.model.measures import MOST, PACE_TIME, REPEATS_TIME, Measure
from moderation.model.prints import cut_up
from moderation.model.repeats import Print, print_of
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
    printed = [_printed(one, text) for one, text in zip(scored, texts, strict=True)]
    others = _others(connection, printed, now)
    return [
        _with(one, text, counts | {Measure.LINKS: _links(one.comment, sites)})
        for one, text, counts in zip(printed, texts, others, strict=True)
    ]


def _printed(one: Scored, text: str) -> Scored:
    cut = cut_up(text)
    return replace(one, cut=cut, print=print_of(cut, one.comment.site_id))


def _others(connection: Connection, printed: Sequence[Scored], now: datetime) -> Iterator[Counts]:
    """Yield what other comments say of each."""
    asked = [
        measures.Asked(c.id, one.print, c.received_at - PACE_TIME)
        for one in printed
        for c in [one.comment]
    ]
    stored = measures.of_others(connection, asked, now - REPEATS_TIME)
    # What says the same in the same batch is not stored yet.
    before: list[Print] = []
    for one in printed:
        found, own = stored[one.comment.id], one.print
        together = 0 if own is None else sum(own.is_like(other) for other in before)
        yield {**found, Measure.REPEATS: found[Measure.REPEATS] + together}
        before += [] if own is None else [own]


def _links(comment: Comment, sites: Mapping[SiteId, Site]) -> int:
    addresses = addresses_in(comment.text or "", comment.format)
    return len(elsewhere(addresses, sites[comment.site_id].hosts))


def _with(one: Scored, text: str, counts: Counts) -> Scored:
    every = {**counts, Measure.LENGTH: len(text)}
    capped = {measure: min(many, MOST[measure]) for measure, many in every.items()}
    outcome = replace(one.outcome, facts=replace(one.outcome.facts, counts=capped))
    return replace(one, outcome=outcome)
