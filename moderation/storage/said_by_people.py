"""What people said of comments, apart by what automation had done with these."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true

from moderation.model.audits import SampleState
from moderation.model.corrected import AuditedSample, Stopped
from moderation.model.decisions import Action
from moderation.model.ids import SiteId
from moderation.model.rates import Span
from moderation.model.simulation import Key
from moderation.storage.audit_samples import audit_samples
from moderation.storage.classifications import classifications
from moderation.storage.database import Connection
from moderation.storage.decisions import by_automation, decisions
from moderation.storage.judgements import last_of_people
from moderation.storage.simulation import Replayed, in_classes, to_class

_c, _d, _s = classifications.c, decisions.c, audit_samples.c

_STOPPING = (Action.FLAG, Action.REJECT)


def count_judged(connection: Connection, of: Replayed, most: int) -> int:
    """Count the samples of the audit that people judged, up to `most`."""
    chosen = (
        select(_s.id)
        .where(_s.site_id == of.site_id, _since(of, _s.sampled_at))
        .where(_s.state.in_((SampleState.KEPT, SampleState.MISSED)))
        .limit(most)
    )
    return connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()


def samples(connection: Connection, of: Replayed, most: int) -> list[AuditedSample]:
    """Return the newest samples of these comments, judged or not, with their facts."""
    statement = (
        in_classes(of, _s.id, _s.sampled_at, _s.probability, _s.state)
        .select_from(audit_samples)
        .join(classifications, _same_text(_s))
        .where(_s.site_id == of.site_id, _since(of, _s.sampled_at), of.within_the_site)
        .order_by(_s.sampled_at.desc())
        .limit(most)
    )
    return [
        AuditedSample(
            chosen_on=row.sampled_at.date(),
            probability=row.probability,
            state=SampleState(row.state),
            of=to_class(row),
        )
        for row in connection.execute(statement)
    ]


def first_sample(connection: Connection, site_id: SiteId) -> datetime | None:
    """Return when the audit chose its first sample here."""
    statement = select(func.min(_s.sampled_at)).where(_s.site_id == site_id)
    first: datetime | None = connection.execute(statement).scalar_one()
    return first


def stopped(connection: Connection, of: Replayed) -> list[Stopped]:
    """Return the comments that automation did not approve, in their classes.

    Also those of which people decided before any automation did, as before an import.
    """
    judged = [_stopped(row) for row in connection.execute(_judged(of))]
    known = Counter[tuple[Key, Action | None]]()
    for one in judged:
        known[one.of.key, one.done] += one.of.number
    every = [_stopped(row) for row in connection.execute(_by_automation(of))]
    rest = ((one, one.of.number - known[one.of.key, one.done]) for one in every)
    return [*judged, *(replace(one, of=replace(one.of, number=n)) for one, n in rest if n > 0)]


def rejectable_one_by_one(
    connection: Connection, of: Replayed, spans: Sequence[Span]
) -> list[Stopped]:
    """Return those of which nobody knows that people would keep them, each by itself.

    They were stopped in one of these spans, or decided by people alone.
    """
    within = [and_(_d.decided_at >= one.begins, _d.decided_at < one.ends) for one in spans]
    in_spans, alone = or_(false(), *within), _d.id.is_(None)
    judged = connection.execute(_judged(of, _c.id).where(or_(alone, in_spans))).all()
    ids = {row.id for row in judged}
    every = connection.execute(_by_automation(of, _c.id).where(in_spans))
    unjudged = [_stopped(row) for row in every if row.id not in ids]
    return unjudged + [one for row in judged if (one := _stopped(row)).of.rejected]


def _by_automation(of: Replayed, *by: ColumnElement[Any]) -> Select[Any]:
    """Select all that automation stopped. What people said is no part of it.

    Where SQLite joins that, it reads all of it again for each of these.
    """
    return (
        in_classes(of, _d.action.label("done"), *by)
        .select_from(decisions)
        .join(classifications, _same_text(_d))
        .where(_d.site_id == of.site_id, by_automation, _since(of, _d.decided_at))
        .where(_d.action.in_(_STOPPING), of.within_the_site)
    )


def _judged(of: Replayed, *by: ColumnElement[Any]) -> Select[Any]:
    """Select what people judged that automation had stopped, or had not decided at all."""
    people = last_of_people(of.site_id)
    same = and_(_d.comment_id == people.c.comment_id, _d.revision == people.c.revision)
    return (
        in_classes(of, _d.action.label("done"), people.c.action.label("said"), *by)
        .select_from(people)
        .outerjoin(decisions, and_(same, by_automation))
        .join(classifications, _same_text(people.c))
        .where(of.within_the_site, or_(_d.id.is_(None), _d.action.in_(_STOPPING)))
    )


def _same_text(one: Any) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    return and_(_c.comment_id == one.comment_id, _c.revision == one.revision)


def _since(of: Replayed, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    # What was done with a comment was done after it was written; and an index finds it.
    return true() if of.since is None else moment >= of.since


def _stopped(row: Row[Any]) -> Stopped:
    said = getattr(row, "said", None)
    done = None if row.done is None else Action(row.done)
    return Stopped(done, to_class(row, rejected=said and said == Action.REJECT))
