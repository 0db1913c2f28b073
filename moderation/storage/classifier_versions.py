"""Classifier versions that workers of this installation have run."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, exists, select, update

from moderation.model.ids import SiteId
from moderation.storage.classifications import classifications
from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import json_column, metadata, moment

classifier_versions = Table(
    "classifier_versions",
    metadata,
    Column("version", String(100), primary_key=True),
    json_column("labels"),
    moment("first_seen_at"),
    # When a worker was last started that decides by it; NULL: it has only scored history.
    moment("started_at", nullable=True),
)

_c = classifier_versions.c


def saw(connection: Connection, version: str, labels: Sequence[str], at: datetime) -> None:
    """Note that a worker has loaded this version."""
    connection.execute(
        insert_or_skip(connection, classifier_versions).values(
            version=version, labels=list(labels), first_seen_at=at
        )
    )


def started(connection: Connection, version: str, at: datetime) -> None:
    """Note that a worker was started that decides by this version, seen before."""
    connection.execute(
        update(classifier_versions).where(_c.version == version).values(started_at=at)
    )


def running(connection: Connection) -> str | None:
    """Return the version by which the worker decides that was last started."""
    statement = (
        select(_c.version).where(_c.started_at.is_not(None)).order_by(_c.started_at.desc()).limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def with_scores(connection: Connection, site_id: SiteId) -> list[str]:
    """Return the versions by which comments of a site were scored, the last one seen first."""
    d = classifications.c
    scored = exists().where(d.site_id == site_id, d.classifier == _c.version)
    statement = select(_c.version).where(scored).order_by(_c.first_seen_at.desc())
    return list(connection.execute(statement).scalars())


def labels_of(connection: Connection, version: str) -> list[str] | None:
    """Return the labels that a version scores; None if no worker ran it yet."""
    statement = select(_c.labels).where(_c.version == version)
    return connection.execute(statement).scalar_one_or_none()
