"""Shadow reports: what a shadow would have done so far, beside what decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from moderation.model.beside import Beside
from moderation.model.ids import CommentId, SiteId
from moderation.model.people import User
from moderation.model.policy import PublishedPolicy
from moderation.model.shadows import Shadow, ShadowJobs
from moderation.model.simulation import Change, Comparison, Side
from moderation.runtime import Runtime
from moderation.services.desk import Listed, list_comments
from moderation.services.operating import check_operator
from moderation.services.publishing import history_of, in_force, running
from moderation.services.shadow_comparing import Compared, compare_by_classes, compare_by_pairs
from moderation.services.simulating import NEWEST, Pace, pace_of
from moderation.storage import judgements, shadow_jobs, shadow_pairs, shadows
from moderation.storage.database import Connection
from moderation.storage.simulation import Replayed

PAST = 5
"""Shadows that are over are listed up to so many."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """A running shadow beside the policy in force for the version that decides.

    `decided` are the comments since it began that this version decided on. Where another classifier
    shadows, `jobs` says how it gets on, and only what it has scored too is compared.
    """

    shadow: Shadow
    live: PublishedPolicy
    running: str
    days: float
    decided: int
    beside: Beside
    newest: Mapping[Change, Sequence[CommentId]]
    pace: Pace
    jobs: ShadowJobs | None = None

    @property
    def left_out(self) -> int:
        """How many comments the other classifier has not scored, and never will."""
        if self.jobs is None or self.is_part:
            return 0
        return max(0, self.decided - self.beside.comments - self.jobs.waiting)

    @property
    def is_part(self) -> bool:
        """Say whether there are more comments than are compared."""
        return self.jobs is not None and self.beside.comments >= shadow_pairs.MOST

    def a_day(self, many: int) -> float:
        """Return how many that is on a day, where all are compared; within the first, so far.

        Of another classifier only a part may be: it is taken for the whole.
        """
        part = self.decided / self.beside.comments if self.beside.comments else 0.0
        return many * part / max(self.days, 1.0)

    def hours_a_day(self, side: Side) -> float:
        """How long people read on a day what one side flags."""
        return self.a_day(side.flagged) * self.pace.seconds / 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment on which both differ, and whether people rejected it; None: nobody judged it."""

    listed: Listed
    rejected: bool | None


@dataclass(frozen=True, slots=True)
class ShadowView:
    """What an operator sees: the running shadow, comments on which it differs, and past ones.

    `ahead` are policies in force for versions that do not decide: they can be tried as well.
    `newest` is the site's newest version.
    """

    report: ShadowReport | None
    shown: Mapping[Change, Sequence[Shown]]
    past: Sequence[Shadow]
    ahead: Sequence[PublishedPolicy]
    newest: int


def read_report(runtime: Runtime, site_id: SiteId) -> ShadowReport | None:
    """Return how the shadow of a site does; None where none runs. Raises NotFound."""
    with runtime.reading() as connection:
        return _report(runtime, connection, site_id, history_of(connection, site_id))


def read_shadow(runtime: Runtime, user: User, site_id: SiteId) -> ShadowView:
    """Return what an operator sees of a site's shadow. Raises NotFound, Forbidden."""
    check_operator(user, site_id)
    with runtime.reading() as connection:
        history = history_of(connection, site_id)
        report = _report(runtime, connection, site_id, history)
        decides = running(connection, history)
        others = dict.fromkeys(one.policy.classifier for one in history)
        return ShadowView(
            report=report,
            shown=_shown(connection, user, site_id, {} if report is None else report.newest),
            past=shadows.ended(connection, site_id, PAST),
            ahead=[in_force(history, other) for other in others if other != decides],
            newest=history[0].policy.version,
        )


def _report(
    runtime: Runtime,
    connection: Connection,
    site_id: SiteId,
    history: Sequence[PublishedPolicy],
) -> ShadowReport | None:
    shadow = shadows.running(connection, site_id)
    if shadow is None:
        return None
    decides = running(connection, history)
    live = in_force(history, decides)
    of = Replayed(site_id, decides, shadow.started_at)
    now = runtime.database_now(connection)
    compared = _compared(connection, shadow, of, live)
    return ShadowReport(
        shadow=shadow,
        live=live,
        running=decides,
        days=max((now - shadow.started_at) / _DAY, 0.0),
        decided=shadow_pairs.count_decided(connection, of),
        beside=compared.beside,
        newest=compared.newest,
        pace=pace_of(judgements.newest_by_people(connection, site_id, NEWEST)),
        jobs=None if shadow.classifier == decides else _jobs(connection, shadow),
    )


def _compared(
    connection: Connection, shadow: Shadow, of: Replayed, live: PublishedPolicy
) -> Compared:
    if shadow.classifier == of.classifier:
        return compare_by_classes(connection, of, Comparison(live.policy, shadow.policy))
    return compare_by_pairs(connection, shadow, of.classifier, live.policy)


def _jobs(connection: Connection, shadow: Shadow) -> ShadowJobs:
    waiting = shadow_jobs.count_waiting(connection, shadow)
    return ShadowJobs(waiting, *shadow_jobs.count_called_off(connection, shadow))


def _shown(
    connection: Connection,
    user: User,
    site_id: SiteId,
    newest: Mapping[Change, Sequence[CommentId]],
) -> dict[Change, Sequence[Shown]]:
    every = [one for ids in newest.values() for one in ids]
    said = judgements.rejected_among(connection, site_id, every) if every else {}
    return {
        change: [
            Shown(listed, said.get((listed.comment.id, listed.comment.revision)))
            for listed in list_comments(connection, user, site_id, ids)
        ]
        for change, ids in newest.items()
    }
