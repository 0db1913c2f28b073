"""The migrations and the tables in the code say the same."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, exc, inspect, select, text

from moderation.markup import as_read
from moderation.model.comments import Author, Format, NewComment, Thread
from moderation.model.ids import CommentId, SiteId
from moderation.model.labels import Label
from moderation.model.places import NOWHERE, Place
from moderation.model.policy import OtherLanguages
from moderation.model.prints import same_print
from moderation.model.reviews import Cause, due_at
from moderation.model.words import terms_of
from moderation.runtime import Runtime, make_runtime
from moderation.services import search_index
from moderation.settings import Settings
from moderation.storage import (
    classifications,
    comments,
    policies,
    reviews,
    search,
    search_walk,
    sites,
)
from moderation.storage.migrate import MIGRATIONS, upgrade
from moderation.storage.tables import metadata
from tests.factories import Agora, flagged_comment
from tests.servers import scratch_database
from tests.statements import heard


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    with scratch_database(request.getfixturevalue("postgresql_server")) as url:
        yield url


@pytest.fixture
def bare(settings: Settings) -> Iterator[Runtime]:
    """Yield a runtime on a database without tables."""
    made = make_runtime(settings)
    yield made
    made.close()


@pytest.fixture
def runtime(bare: Runtime) -> Runtime:
    upgrade(bare.database)
    return bare


def of_the_tables(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out what SQLAlchemy has no word for: the words of the search index."""
    return kind != "table" or not (name or "").startswith("search_words")


def checks(connection: Connection, schema: str | None = None) -> dict[tuple[str, str], str]:
    """Return the CHECK constraints by table and name, in the database's own words."""
    found = inspect(connection).get_check_constraints
    return {
        (table, str(check["name"])): check["sqltext"]
        for table in metadata.tables
        for check in found(table, schema)
    }


def test_the_migrations_make_the_tables_that_the_code_describes(runtime: Runtime) -> None:
    options = {"compare_type": True, "include_object": of_the_tables}
    with runtime.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_rows_from_before_languages_get_them(bare: Runtime) -> None:
    to(bare, "0003")
    site = (
        "INSERT INTO sites (id, name, title, while_pending, while_flagged, last_position,"
        " created_at) VALUES (:id, 'agora', 'Agora', 'hold', 'hold', 0, :at)"
    )
    policy = (
        "INSERT INTO policies (id, site_id, version, classifier, thresholds, reason, published_at)"
        " VALUES (:id, :id, 1, 'compact@1', '{}', 'first', :at)"
    )
    comment = (
        "INSERT INTO comments (id, site_id, external_id, revision, format, received_at, status,"
        " sequence) VALUES (:id, :id, 'c1', 1, 'plain', :at, 'approved', 1)"
    )
    classification = (
        "INSERT INTO classifications (id, comment_id, site_id, revision, classifier, purpose,"
        " readable, classified_at) VALUES (:id, :id, :id, 1, 'compact@1', 'decide', :yes, :at)"
    )
    site_id = SiteId(UUID(int=7))
    values = {"id": site_id.hex, "at": "2026-11-02 09:00:00", "yes": True}
    with bare.transaction() as connection:
        for row in (site, policy, comment, classification):
            connection.execute(text(row), values)
    upgrade(bare.database)
    with bare.reading() as connection:
        assert sites.to_site(sites.by_ids(connection, {site_id})[site_id]).languages == ("en",)
        wanted = (site_id, "compact@1")
        in_force = policies.in_force(connection, [wanted])[wanted]
        facts = classifications.facts_of(
            connection.execute(select(classifications.classifications)).one()
        )
    assert in_force.other_languages is OtherLanguages.FLAG
    assert (facts.language, facts.supported) == (None, True)


def test_reviews_from_before_places_get_them(bare: Runtime) -> None:
    to(bare, "0009")
    rows = (
        (
            "INSERT INTO sites (id, name, title, while_pending, while_flagged, last_position,"
            " created_at, languages, moderate_analysed)"
            " VALUES (:id, 'agora', 'Agora', 'hold', 'hold', 0, :at, '[]', :no)"
        ),
        (
            "INSERT INTO comments (id, site_id, external_id, revision, format, received_at, status,"
            " sequence, thread_section, author_name)"
            " VALUES (:id, :id, 'c1', 1, 'plain', :at, 'flagged', 1, 'Local', 'Tom')"
        ),
        (
            "INSERT INTO reviews (id, comment_id, site_id, revision, state, risk, reasons,"
            " opened_at) VALUES (:id, :id, :id, 1, 'claimed', 0.5, :reasons, :at)"
        ),
    )
    reason = {"kind": "label", "label": "threat", "score": 0.85, "threshold": 0.7}
    values = {"id": UUID(int=7).hex, "at": "2026-11-02 09:00:00.000000", "no": False}
    values["reasons"] = json.dumps([reason, {"kind": "language", "detail": "nl"}])
    with bare.transaction() as connection:
        for row in rows:
            connection.execute(text(row), values)
    with heard(bare) as said:
        upgrade(bare.database)
    written = [one for one in said if one.text.startswith("UPDATE reviews")]
    assert len(written) == 1, "what is big is written once"
    with bare.reading() as connection:
        found = connection.execute(select(reviews.reviews)).one()
    causes = Cause.THREAT | Cause.LANGUAGE
    assert (found.state, found.section, found.author) == ("open", "Local", "Tom")
    assert found.causes == causes
    assert found.due_at == due_at(found.opened_at, 0.5, causes)


def test_comments_from_before_prints_are_found_by_them_and_can_still_be_changed(
    bare: Runtime,
) -> None:
    to(bare, "0009")
    agora, said = SiteId(UUID(int=7)), f"<p>{'Same text. ' * 9}</p>"
    site = (
        "INSERT INTO sites (id, name, title, while_pending, while_flagged, last_position,"
        " created_at) VALUES (:id, 'agora', 'Agora', 'hold', 'hold', 0, :at)"
    )
    comment = (
        "INSERT INTO comments (id, site_id, external_id, revision, text, format, received_at,"
        " status, sequence) VALUES (:id, :site, 'c1', 1, :said, 'html', :at, 'approved', 1)"
    )
    at, comment_id = "2026-11-02 09:00:00", CommentId(UUID(int=8))
    words = terms_of(as_read(said, Format.HTML), Author(), Thread())
    old = search.Entry(comment_id, agora, frozenset(one for one in words if one[0] == "t"))
    with bare.transaction() as connection:
        connection.execute(text(site), {"id": agora.hex, "at": at})
        values = {"id": comment_id.hex, "site": agora.hex, "said": said, "at": at}
        connection.execute(text(comment), values)
        search.add_all(connection, [old])
    upgrade(bare.database)
    with bare.transaction() as connection:
        terms = same_print(as_read(said, Format.HTML))
        assert search_walk.with_any(connection, agora, terms, 5)
        if not bare.database.is_sqlite:
            assert "ix_search_words_terms" in indexes_of(connection, "search_words")
        stored = comments.by_id(connection, comment_id)
        assert stored is not None
        search_index.change(connection, stored, NewComment("c1", "Another."))
        assert not search_walk.with_any(connection, agora, terms, 5)


def test_what_was_classified_before_simulations_is_counted_in_them(bare: Runtime) -> None:
    to(bare, "0021")
    with bare.transaction() as connection:
        for row, values in rows_of_0021():
            connection.execute(text(row), values)
    with heard(bare) as said:
        upgrade(bare.database)
    written = [one for one in said if one.text.startswith("UPDATE classifications")]
    assert len(written) == 2, "what is big is written once for simulations, and once for places"
    table = classifications.classifications.c
    columns = (table.judged_for, table.written_at, table.highest, table.unscored)
    with bare.reading() as connection:
        found = connection.execute(select(*columns).order_by(table.id)).all()
        assert "ix_decisions_by_people" in indexes_of(connection, "decisions")
    written_at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    without = sum(bit for label, bit in classifications.BITS.items() if label is not Label.INSULT)
    assert [tuple(one) for one in found] == [
        ("compact@1", written_at, 0.25, without),
        ("compact@1", written_at, 1.0, without),
        ("compact@1", written_at - timedelta(days=300), 1.0, without),
    ]


def test_what_was_classified_before_places_gets_that_of_its_comment(bare: Runtime) -> None:
    to(bare, "0021")
    moved = (
        "UPDATE comments SET thread_section = :section, thread_id = :thread, revision = :revision"
    )
    with bare.transaction() as connection:
        for row, values in rows_of_0021():
            connection.execute(text(row), values)
        for name, section, thread, revision in (
            ("c0", " ÉCONOMIE", "Straße 1", 1),
            ("c1", "sport", "", 1),
            ("c2", "Moved here by an edit", "t", 2),
        ):
            values = {"section": section, "thread": thread, "revision": revision, "name": name}
            connection.execute(text(f"{moved} WHERE external_id = :name"), values)
    upgrade(bare.database)
    with bare.reading() as connection:
        table = classifications.classifications
        found = [
            (row.section, row.thread, classifications.place_of(row))
            for row in connection.execute(select(table).order_by(table.c.id))
        ]
        assert connection.execute(select(policies.policies.c.overrides)).scalars().all() == [[]]
    assert found == [
        ("économie", "straße 1", Place(" ÉCONOMIE", "Straße 1")),
        ("sport", None, Place("Sport")),
        (None, None, NOWHERE),
    ]


def rows_of_0021() -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what makes a site with a comment, one that failed, and one that was routed."""
    given: dict[str, object] = {
        "site": UUID(int=7).hex,
        "at": "2026-11-02 09:00:00.000000",
        "yes": True,
        "no": False,
        "route": '{"action": "route", "classifier": "seven@1", "thresholds": {}}',
    }
    yield (
        (
            "INSERT INTO sites (id, name, title, while_pending, while_flagged, last_position,"
            " created_at, languages, hosts, moderate_analysed)"
            " VALUES (:site, 'agora', 'Agora', 'hold', 'hold', 0, :at, '[]', '[]', :no)"
        ),
        given,
    )
    yield (
        (
            "INSERT INTO policies (id, site_id, version, classifier, thresholds, other_languages,"
            " reason, published_at) VALUES (:site, :site, 3, 'compact@1', '{}', :route, 'x', :at)"
        ),
        given,
    )
    for n, (created, classifier, failure) in enumerate(
        (
            (None, "compact@1", None),
            (given["at"], "compact@1", "it crashed"),
            ("2026-01-06 09:00:00.000000", "seven@1", None),
        )
    ):
        one = {"key": UUID(int=n + 1).hex, "name": f"c{n}", "created": created}
        values = given | one | {"classifier": classifier, "failure": failure}
        yield (
            (
                "INSERT INTO comments (id, site_id, external_id, revision, format, created_at,"
                " received_at, status, sequence)"
                " VALUES (:key, :site, :name, 1, 'plain', :created, :at, 'approved', 1)"
            ),
            values,
        )
        yield (
            (
                "INSERT INTO classifications (id, comment_id, site_id, revision, classifier,"
                " purpose, readable, supported, failure, insult, classified_at) VALUES"
                " (:key, :key, :site, 1, :classifier, 'decide', :yes, :yes, :failure, 0.25, :at)"
            ),
            values,
        )
        yield (
            (
                "INSERT INTO decisions (id, comment_id, site_id, revision, sequence, action,"
                " source, reasons, policy_version, classifier, classification_id, imported,"
                " decided_at) VALUES (:key, :key, :site, 1, 1, 'approve', 'automation', '[]', 3,"
                " :classifier, :key, :no, :at)"
            ),
            values,
        )


def indexes_of(connection: Connection, table: str) -> set[str | None]:
    return {index["name"] for index in inspect(connection).get_indexes(table)}


def to(runtime: Runtime, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with runtime.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_migrations_make_every_check_that_the_code_describes(runtime: Runtime) -> None:
    # Alembic's comparison does not look at them, so the described tables are made beside the
    # migrated ones, and the database reads both back.
    attach = "ATTACH ':memory:' AS described" if runtime.database.is_sqlite else None
    with runtime.transaction() as connection:
        migrated = checks(connection)
        connection.execute(text(attach or "CREATE SCHEMA described"))
        connection.execution_options(schema_translate_map={None: "described"})
        metadata.create_all(connection)
        described = checks(connection, "described")
    assert len(described) > 16
    assert migrated == described


@pytest.mark.parametrize(
    "column", ["comments.status", "jobs.lane", "reviews.state", "decisions.source", "users.role"]
)
def test_a_word_that_the_code_does_not_know_is_refused(
    runtime: Runtime, agora: Agora, column: str
) -> None:
    flagged_comment(runtime, agora.site_id)
    table, name = column.split(".")
    with pytest.raises(exc.IntegrityError), runtime.transaction() as connection:
        connection.execute(text(f"UPDATE {table} SET {name} = 'banana'"))  # noqa: S608 - ours
