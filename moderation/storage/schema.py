"""What all tables share: the metadata, the column types and their checks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    Uuid,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite has no such type and gets it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone, whose meaning would depend on the machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


def enum_column(name: str, kind: Iterable[StrEnum], **options: Any) -> Column[str]:  # noqa: ANN401 - Column's own options
    """Return a text column that the database itself keeps to these members of an enum."""
    members = ", ".join(f"'{member.value}'" for member in kind)
    return Column(
        name,
        String(20),
        CheckConstraint(f"{name} IN ({members})", name=name),
        nullable=False,
        **options,
    )


def id_column() -> Column[Any]:
    """Return the primary key that nearly every table has."""
    return Column("id", Uuid, primary_key=True)


def reference(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column that points at the primary key of another table."""
    return Column(name, Uuid, ForeignKey(f"{target}.id"), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column that holds a moment in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def json_column(name: str, *, nullable: bool = False) -> Column[Any]:
    """Return a JSON column; None becomes SQL's NULL, not JSON's."""
    return Column(name, JSON(none_as_null=True), nullable=nullable)
