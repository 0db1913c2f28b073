"""Standings: setting them, taking that back, and forgetting them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moderation.model.acts import Act, ActKind
from moderation.model.errors import InvalidInput, NotFound, TooLateToUndo
from moderation.model.ids import ActId, CommentId, SiteId, StandingId, UserId, new_uuid
from moderation.model.people import User
from moderation.model.standings import (
    NewStanding,
    Standing,
    StandingChange,
    StandingSearch,
    StandingSource,
    Subject,
    SubjectKind,
    check_subject,
    name_in,
    subject_of,
)
from moderation.runtime import Runtime
from moderation.services.access import comment_for
from moderation.storage import acts, audit, standings
from moderation.storage.database import Connection

LIST_PAGE = 50
HISTORY_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Setter:
    """Who sets a standing: somebody at the desk, or else the site or an operator."""

    source: StandingSource
    user_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class StandingsPage:
    """A part of what stands at a site, newest first."""

    changes: tuple[StandingChange, ...]
    more_before: StandingId | None


@dataclass(frozen=True, slots=True)
class StandingHistory:
    """The newest that was set of a subject: a site's program may do so as often as it likes."""

    changes: tuple[StandingChange, ...]
    has_older: bool


def set_standing(
    runtime: Runtime, site_id: SiteId, new: NewStanding, setter: Setter
) -> StandingChange | None:
    """Set what the next comments of an author, or in a thread, are decided by; return the entry.

    What was decided stays. When this returns, every decision that is recorded from then on knows of
    it. Where the same stands already nothing is written; None means that nothing stands, because
    nothing ever did or it has ended. Raises InvalidInput.
    """
    new.check()
    with runtime.transaction() as connection:
        return _set(connection, runtime, site_id, new, setter)


def set_from_comment(  # noqa: PLR0913 - what is set, by whom, from which comment
    runtime: Runtime,
    user: User,
    comment_id: CommentId,
    kind: SubjectKind,
    standing: Standing,
    *,
    reason: str | None = None,
    ends: timedelta | None = None,
) -> StandingChange | None:
    """Set the standing of a comment's author or thread, as `set_standing` does.

    Raises NotFound, Erased, InvalidInput (the site sends no id).
    """
    with runtime.transaction() as connection:
        comment = comment_for(connection, user, comment_id)
        subject = subject_of(comment, kind)
        if subject is None:
            raise InvalidInput(f"The site sent no id of the {kind}, so nothing can be set.")
        new = NewStanding(subject, standing, reason, ends, name_in(comment, kind))
        new.check()
        return _set(connection, runtime, comment.site_id, new, _at_the_desk(user), at=comment_id)


def undo_standing(runtime: Runtime, user: User, standing_id: StandingId) -> StandingChange:
    """Take a change back: what stood before it stands again, until its own end.

    Raises NotFound, TooLateToUndo (it was changed since, or has ended).
    """
    with runtime.transaction() as connection:
        now = runtime.database_now(connection, standings.EXCLUSIVE)
        acts.close(connection, ActId(standing_id), now)
        return take_back(connection, user, standing_id, now)


def take_back(
    connection: Connection, user: User, standing_id: StandingId, now: datetime
) -> StandingChange:
    """Take a change back inside the caller's transaction, which excludes others."""
    undone = standings.by_id(connection, standing_id)
    if undone is None or not user.sees(undone.site_id):
        raise NotFound("There is no such standing.")
    if not undone.can_be_undone(now):
        raise TooLateToUndo("The standing was changed since, or has ended.")
    before = standings.by_id(connection, undone.replaces) if undone.replaces else None
    values = {
        "standing": before.standing if before else Standing.ORDINARY,
        "reason": before.reason if before else None,
        "ends_at": before.ends_at if before else None,
        "subject_name": undone.name,
        "undoes": undone.id,
    }
    return _append(connection, undone, undone.subject, values, setter=_at_the_desk(user), now=now)


def forget_subject(runtime: Runtime, site_id: SiteId, subject: Subject, setter: Setter) -> int:
    """Remove all that was ever set of an author or a thread; return how many entries that were.

    It is ordinary then, and nothing is left that names it. Raises InvalidInput.
    """
    check_subject(subject)
    with runtime.transaction() as connection:
        now = runtime.database_now(connection, standings.EXCLUSIVE)
        count = standings.forget(connection, site_id, subject)
        if count:
            data = {"kind": subject.kind, "entries": count}
            what, by = "standing.forget", setter.user_id
            audit.add(connection, what, now, site_id=site_id, user_id=by, data=data)
    return count


def standing_of(runtime: Runtime, site_id: SiteId, subject: Subject) -> StandingChange | None:
    """Return the entry that stands; None where the subject is ordinary. Raises InvalidInput."""
    check_subject(subject)
    with runtime.reading() as connection:
        change = standings.present(connection, [(site_id, subject)]).get((site_id, subject))
        now = runtime.database_now(connection)
    return None if change is None or change.at(now) is Standing.ORDINARY else change


def history_of(runtime: Runtime, site_id: SiteId, subject: Subject) -> StandingHistory:
    """Return what was set of a subject. Raises InvalidInput."""
    check_subject(subject)
    with runtime.reading() as connection:
        found = standings.of(connection, site_id, subject, HISTORY_SHOWN + 1)
    return StandingHistory(tuple(found[:HISTORY_SHOWN]), len(found) > HISTORY_SHOWN)


def list_standings(runtime: Runtime, site_id: SiteId, search: StandingSearch) -> StandingsPage:
    """Return what stands at a site and matches."""
    with runtime.reading() as connection:
        now = runtime.database_now(connection)
        found = standings.in_force(connection, site_id, search, now, LIST_PAGE + 1)
    more = len(found) > LIST_PAGE
    return StandingsPage(tuple(found[:LIST_PAGE]), found[LIST_PAGE - 1].id if more else None)


def standing_change(runtime: Runtime, user: User, standing_id: StandingId) -> StandingChange | None:
    """Return one entry; None where there is none, or not for this person."""
    with runtime.reading() as connection:
        change = standings.by_id(connection, standing_id)
    return change if change is not None and user.sees(change.site_id) else None


def _at_the_desk(user: User) -> Setter:
    return Setter(StandingSource.MODERATOR, user.id)


def _set(  # noqa: PLR0913 - what is set where, by whom, from which comment
    connection: Connection,
    runtime: Runtime,
    site_id: SiteId,
    new: NewStanding,
    setter: Setter,
    *,
    at: CommentId | None = None,
) -> StandingChange | None:
    # First the lock, then the time: what is decided without it was decided before.
    now = runtime.database_now(connection, standings.EXCLUSIVE)
    pair = (site_id, new.subject)
    present = standings.present(connection, [pair]).get(pair)
    values: dict[str, Any] = {
        "site_id": site_id,
        "standing": new.standing,
        "reason": new.reason or None,
        "ends_at": new.ends_at(now),
        "subject_name": new.name or (present and present.name),
    }
    if _says_the_same(present, values, now):
        stands = present is not None and present.at(now) is present.standing
        return present if stands else None
    made = _append(connection, present, new.subject, values, setter=setter, now=now)
    if setter.user_id is not None:
        acts.add(connection, Act(ActId(made.id), setter.user_id, ActKind.STANDING, at, now))
    return made


def _says_the_same(present: StandingChange | None, values: dict[str, Any], now: datetime) -> bool:
    if present is None:
        return values["standing"] is Standing.ORDINARY
    if values["standing"] is Standing.ORDINARY:
        return present.at(now) is Standing.ORDINARY
    said = (present.standing, present.reason, present.ends_at)
    return said == (values["standing"], values["reason"], values["ends_at"])


def _append(  # noqa: PLR0913 - an entry, and what it replaces
    connection: Connection,
    present: StandingChange | None,
    subject: Subject,
    values: dict[str, Any],
    *,
    setter: Setter,
    now: datetime,
) -> StandingChange:
    if present is not None:
        standings.replace(connection, present.id, now)
    row = {
        "id": StandingId(new_uuid()),
        "subject_kind": subject.kind,
        "subject_id": subject.id,
        "source": setter.source,
        "user_id": setter.user_id,
        "set_at": now,
        **({} if present is None else {"site_id": present.site_id, "replaces": present.id}),
        **values,
    }
    standings.add(connection, row)
    _log(connection, row)
    made = standings.by_id(connection, row["id"])
    if made is None:
        raise AssertionError("an entry that was just written cannot be read")
    return made


def _log(connection: Connection, row: dict[str, Any]) -> None:
    # Not whose: the audit stays when a subject is forgotten.
    data = {"entry": str(row["id"]), "kind": row["subject_kind"], "standing": row["standing"]}
    action = "standing.undo" if row.get("undoes") else "standing.set"
    by = {"site_id": row["site_id"], "user_id": row["user_id"]}
    audit.add(connection, action, row["set_at"], data=data, **by)
