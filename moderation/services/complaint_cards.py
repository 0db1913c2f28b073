"""What cards show of reports and appeals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from moderation.model.appeals import Contested, leaves_to_others
from moderation.model.comments import Comment
from moderation.model.ids import CommentId, UserId
from moderation.model.people import User
from moderation.model.reports import OpenReports, Report
from moderation.storage import appeals, reports, users
from moderation.storage.database import Connection

MOST_SHOWN = 5
"""Words of so many readers on one card; the comment's own page has them all."""


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal that waits, and who leaves it to others."""

    contested: Contested
    left_by: frozenset[UserId]

    def is_for(self, user: User) -> bool:
        """Say whether this person may judge it."""
        return user.id not in self.left_by

    def is_against(self, user: User) -> bool:
        """Say whether this person made the contested decision."""
        return self.contested.user_id == user.id


@dataclass(frozen=True, slots=True)
class Complaints:
    """What is complained of one comment and waits for an answer; `said` has readers' own words."""

    reports: OpenReports | None = None
    said: tuple[Report, ...] = ()
    appeal: OpenAppeal | None = None


NO_COMPLAINTS = Complaints()


def complaints_of(connection: Connection, shown: Sequence[Comment]) -> dict[CommentId, Complaints]:
    """Return what is complained of these comments; a few statements, however many there are."""
    ids = [comment.id for comment in shown]
    reported = reports.open_among(connection, ids)
    said: defaultdict[CommentId, list[Report]] = defaultdict(list)
    if reported:
        for report in reports.with_words(connection, sorted(reported), MOST_SHOWN):
            said[report.comment_id].append(report)
    appealed = _appeals(connection, shown)
    return {
        comment_id: Complaints(
            reported.get(comment_id), tuple(said[comment_id]), appealed.get(comment_id)
        )
        for comment_id in reported.keys() | appealed.keys()
    }


def _appeals(connection: Connection, shown: Sequence[Comment]) -> dict[CommentId, OpenAppeal]:
    contested = appeals.open_among(connection, [comment.id for comment in shown])
    site_of = {comment.id: comment.site_id for comment in shown if comment.id in contested}
    active = users.active_at(connection, set(site_of.values())) if site_of else {}
    return {
        comment_id: OpenAppeal(
            one, leaves_to_others(active[site_of[comment_id]], one.user_id, one.second_by)
        )
        for comment_id, one in contested.items()
    }
