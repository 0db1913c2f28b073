"""Shadowing: for which sites Perspective is asked beside our own classifier, while it lives."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moderation.model.errors import InvalidInput, NotFound
from moderation.model.ids import SiteId, lowest_uuid
from moderation.model.perspective import ShadowState
from moderation.runtime import Runtime
from moderation.services.sites import site_named
from moderation.storage import audit, perspective_shadows
from moderation.storage.database import Connection

MOST_A_SECOND = 10.0
MOST_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Shadowing:
    """What is to be begun: a key of Perspective's, for which share of comments, and how fast."""

    key: str = field(repr=False)
    share: float = 1.0
    a_second: float = 1.0

    def __post_init__(self) -> None:
        key = self.key
        if not (0 < len(key) <= MOST_KEY_LENGTH and key.isascii() and key.isprintable()) or (
            " " in key
        ):
            raise InvalidInput("The file holds no key of Perspective's: one line, one word.")
        if not 0 < self.share <= 1:
            raise InvalidInput("The share lies between 0 and 1.")
        if not 0 < self.a_second <= MOST_A_SECOND:
            raise InvalidInput(f"At most {MOST_A_SECOND:g} questions a second are asked.")


@dataclass(frozen=True, slots=True)
class Shadow:
    """Whether Perspective is asked for a site, and what came of it; the key is shown to nobody."""

    state: ShadowState
    share: float
    a_second: float
    started_at: datetime
    ended_at: datetime | None
    asked: int
    answered: int
    refused: int
    answered_at: datetime | None
    failures: int
    problem: str | None


def begin_shadow(runtime: Runtime, site_name: str, given: Shadowing) -> Shadow:
    """Ask Perspective from now on about what is decided for a site; what was asked counts anew.

    Raises NotFound.
    """
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        now = runtime.database_now(connection)
        perspective_shadows.put(
            connection,
            site_id=site.id,
            key=given.key,
            share=given.share,
            a_second=given.a_second,
            state=ShadowState.ON,
            started_at=now,
            ended_at=None,
            seen=lowest_uuid(now),
            next_at=now,
            failures=0,
            asked=0,
            answered=0,
            refused=0,
            answered_at=None,
            problem=None,
        )
        data = {"share": given.share, "a_second": given.a_second}
        audit.add(connection, "perspective-shadow", now, site_id=site.id, data=data)
        return _view(_known(connection, site.id))


def end_shadow(runtime: Runtime, site_name: str) -> Shadow:
    """Ask nothing any more for a site, and forget the key. Raises NotFound."""
    with runtime.transaction() as connection:
        site = site_named(connection, site_name)
        row = _known(connection, site.id)
        if row.state == ShadowState.ON:
            now = runtime.database_now(connection)
            end_in(connection, site.id, ShadowState.OFF, now)
            audit.add(connection, "perspective-shadow-off", now, site_id=site.id)
        return _view(_known(connection, site.id))


def shadow_of(runtime: Runtime, site_name: str) -> Shadow | None:
    """Return how it stands; None where Perspective was never asked. Raises NotFound."""
    with runtime.reading() as connection:
        return shadow_in(connection, site_named(connection, site_name).id)


def shadow_in(connection: Connection, site_id: SiteId) -> Shadow | None:
    """Return how it stands for a site, inside the caller's transaction."""
    row = perspective_shadows.of(connection, site_id)
    return None if row is None else _view(row)


def end_in(
    connection: Connection,
    site_id: SiteId,
    state: ShadowState,
    now: datetime,
    problem: str | None = None,
) -> None:
    """Ask nothing any more for a site, inside the caller's transaction, and forget the key."""
    perspective_shadows.change(
        connection, site_id, state=state, key=None, ended_at=now, problem=problem
    )


def _known(connection: Connection, site_id: SiteId) -> Any:  # noqa: ANN401 - a row
    row = perspective_shadows.of(connection, site_id, lock=True)
    if row is None:
        raise NotFound("Perspective was never asked for this site.")
    return row


def _view(row: Any) -> Shadow:  # noqa: ANN401 - a row
    return Shadow(
        state=ShadowState(row.state),
        share=row.share,
        a_second=row.a_second,
        started_at=row.started_at,
        ended_at=row.ended_at,
        asked=row.asked,
        answered=row.answered,
        refused=row.refused,
        answered_at=row.answered_at,
        failures=row.failures,
        problem=row.problem,
    )
