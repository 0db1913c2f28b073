"""Announcements: decisions as sites learn of them, in webhooks and in the feed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moderation.model.appeals import AppealOutcome, AppealState
from moderation.model.comments import Display
from moderation.model.decisions import Decision, Reason, Source
from moderation.model.events import EventState
from moderation.model.ids import CommentId, DecisionId, EventId, SiteId, new_uuid
from moderation.runtime import Runtime
from moderation.storage import decisions, deliveries, events, sites
from moderation.storage.database import Connection

PUBLISH_BATCH = 500


@dataclass(frozen=True, slots=True)
class Announcement:
    """One published event: a decision, and what the site should do now."""

    event_id: EventId
    position: int
    external_id: str
    text_digest: str | None
    display: Display
    decision: Decision
    appeal: AppealOutcome | None = None
    """What became of the appeal that the decision is on."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A decision that its site shall learn of at `publish_at`."""

    site_id: SiteId
    comment_id: CommentId
    decision_id: DecisionId
    sequence: int
    text_digest: str | None
    display: Display


def announce(connection: Connection, new: Sequence[NewEvent], now: datetime) -> int:
    """Publish events at once; call it last in a transaction, for it locks the sites' feeds.

    Returns how many deliveries wait for the sender.
    """
    rows = [_row(event, now, EventState.PUBLISHED) for event in new]
    by_site = _by_site(rows)
    for site_id in sorted(by_site):
        first = sites.next_positions(connection, site_id, len(by_site[site_id]))
        for offset, row in enumerate(by_site[site_id]):
            row["position"] = first + offset
    if rows:
        events.add_all(connection, rows)
    return _deliver(connection, by_site, now)


def schedule(connection: Connection, new: NewEvent, publish_at: datetime) -> None:
    """Keep an event back until its undo window is over."""
    events.add_all(connection, [_row(new, publish_at, EventState.SCHEDULED)])


def publish_due(runtime: Runtime) -> int:
    """Publish the events whose undo window is over; return how many there were."""
    with runtime.transaction() as connection:
        now = runtime.database_now(connection)
        due = [dict(row._mapping) for row in events.due(connection, now, PUBLISH_BATCH)]  # noqa: SLF001 - SQLAlchemy's public name
        by_site = _by_site(due)
        for site_id in sorted(by_site):
            first = sites.next_positions(connection, site_id, len(by_site[site_id]))
            places = {row["id"]: first + n for n, row in enumerate(by_site[site_id])}
            events.publish(connection, places)
        _deliver(connection, by_site, now)
    return len(due)


def payload(announcement: Announcement) -> dict[str, Any]:
    """Return the one JSON shape of a decision, for webhooks and for the feed."""
    decision = announcement.decision
    return {
        "comment_id": str(decision.comment_id),
        "external_id": announcement.external_id,
        "revision": decision.revision,
        "sequence": decision.sequence,
        "text_sha256": announcement.text_digest,
        "status": decision.action.status.value,
        "display": announcement.display.value,
        "decision": decision_payload(decision),
        "appeal": None if announcement.appeal is None else _appeal_payload(announcement.appeal),
    }


def decision_payload(decision: Decision) -> dict[str, Any]:
    """Return the JSON shape of a decision alone."""
    return {
        "id": str(decision.id),
        "action": decision.action.value,
        "source": decision.source.value,
        "by": decision.user_name if decision.source is not Source.AUTOMATION else None,
        "reasons": [_reason_payload(reason) for reason in decision.reasons],
        "note": decision.note,
        "message_to_author": decision.message_to_author,
        "policy_version": decision.policy_version,
        "classifier": decision.classifier,
        "undoes": None if decision.undoes is None else str(decision.undoes),
        "decided_at": decision.decided_at.isoformat(),
    }


def to_announcement(row: Any) -> Announcement:  # noqa: ANN401 - a row of storage.events
    """Turn a row of the feed into the value."""
    return Announcement(
        event_id=row.event_id,
        position=row.position,
        external_id=row.external_id,
        text_digest=row.text_digest,
        display=Display(row.display),
        decision=decisions.to_decision(row),
        appeal=None if row.appeal_id is None else _outcome(row),
    )


def _outcome(row: Any) -> AppealOutcome:  # noqa: ANN401 - a row of storage.events
    return AppealOutcome(
        row.appeal_id, AppealState(row.appeal_state), row.contested_id, row.own_decision
    )


def _appeal_payload(outcome: AppealOutcome) -> dict[str, Any]:
    return {
        "id": str(outcome.id),
        "state": outcome.state.value,
        "decision_id": str(outcome.decision_id),
        "own_decision": outcome.own_decision,
    }


def _reason_payload(reason: Reason) -> dict[str, Any]:
    return decisions.from_reason(reason)


def _row(new: NewEvent, publish_at: datetime, state: EventState) -> dict[str, Any]:
    return {
        "id": new_uuid(),
        "site_id": new.site_id,
        "comment_id": new.comment_id,
        "decision_id": new.decision_id,
        "sequence": new.sequence,
        "text_digest": new.text_digest,
        "display": new.display,
        "state": state,
        "position": None,
        "publish_at": publish_at,
    }


def _by_site(rows: Iterable[dict[str, Any]]) -> Mapping[SiteId, list[dict[str, Any]]]:
    by_site: defaultdict[SiteId, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_site[row["site_id"]].append(row)
    return by_site


def _deliver(
    connection: Connection, by_site: Mapping[SiteId, list[dict[str, Any]]], now: datetime
) -> int:
    return sum(
        deliveries.add_for_events(connection, site_id, rows, now)
        for site_id, rows in by_site.items()
    )
