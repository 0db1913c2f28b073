"""Classifier versions that workers of this installation have run."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, select, update

from moderation.storage.database import Connection, insert_or_skip
from moderation.storage.schema import json_column, metadata, moment

classifier_versions = Table(
    "classifier_versions",
    metadata,
    Column("version", String(100), primary_key=True),
    json_column("labels"),
    moment("first_seen_at"),
    moment("last_seen_at"),
)

_c = classifier_versions.c


def saw(connection: Connection, version: str, labels: Sequence[str], at: datetime) -> None:
    """Note that a worker runs this version."""
    connection.execute(
        insert_or_skip(connection, classifier_versions).values(
            version=version, labels=list(labels), first_seen_at=at, last_seen_at=at
        )
    )
    connection.execute(
        update(classifier_versions).where(_c.version == version).values(last_seen_at=at)
    )


def newest(connection: Connection) -> str | None:
    """Return the version that was last started."""
    statement = select(_c.version).order_by(_c.last_seen_at.desc()).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def labels_of(connection: Connection, version: str) -> list[str] | None:
    """Return the labels that a version scores; None if no worker ran it yet."""
    statement = select(_c.labels).where(_c.version == version)
    return connection.execute(statement).scalar_one_or_none()
