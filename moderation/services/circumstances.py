"""Circumstances: what rules look at, read in the transaction that records the decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from moderation.model.circumstances import Circumstances
from moderation.model.comments import Comment
from moderation.model.ids import SiteId
from moderation.model.standings import (
    Standing,
    StandingChange,
    Subject,
    SubjectKind,
    subject_of,
)
from moderation.services.keeping import Scored
from moderation.storage import standings
from moderation.storage.database import Connection

_KINDS = tuple(SubjectKind)  # To go through the class itself takes ten times as long.

Standings = Mapping[tuple[SiteId, Subject], StandingChange]


def with_circumstances(
    connection: Connection, scored: Sequence[Scored], now: datetime
) -> list[Scored]:
    """Add to the facts of each outcome what is known of its comment at this moment.

    It costs a statement for all of them together. The moment was read behind `standings.SHARED`:
    what is set while they are decided waits for them, and what was set before is seen.
    """
    wanted = _subjects(one.comment for one in scored)
    if not wanted:
        return list(scored)
    found = standings.present(connection, wanted)
    return (
        [_with(one, _known(one.comment, found, now)) for one in scored] if found else list(scored)
    )


def standings_of(connection: Connection, several: Iterable[Comment]) -> Standings:
    """Return what was set last of the authors and threads of some comments, by one statement."""
    wanted = _subjects(several)
    return standings.present(connection, wanted) if wanted else {}


def _subjects(several: Iterable[Comment]) -> set[tuple[SiteId, Subject]]:
    return {
        (comment.site_id, subject)
        for comment in several
        for kind in _KINDS
        if (subject := subject_of(comment, kind)) is not None
    }


def _known(comment: Comment, found: Standings, now: datetime) -> Circumstances:
    standing = {kind: _standing(comment, kind, found, now) for kind in _KINDS}
    return Circumstances(
        standing=standing[SubjectKind.AUTHOR],
        thread_held=standing[SubjectKind.THREAD] is Standing.HELD,
    )


def _standing(comment: Comment, kind: SubjectKind, found: Standings, now: datetime) -> Standing:
    subject = subject_of(comment, kind)
    change = found.get((comment.site_id, subject)) if subject else None
    return Standing.ORDINARY if change is None else change.at(now)


def _with(one: Scored, known: Circumstances) -> Scored:
    outcome = one.outcome
    return replace(one, outcome=replace(outcome, facts=replace(outcome.facts, circumstances=known)))
