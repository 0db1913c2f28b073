"""One line of an import: what is taken, and that it agrees with what the intake takes."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr, ValidationError

from api.v1.comment_input import CommentInput
from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId
from moderation.services.import_fields import FIELDS, parse_fields, unknown_fields
from moderation.services.ip_digests import digest_ip
from moderation.settings import Settings

SETTINGS = Settings(secret_key=SecretStr("s" * 40))
SITE = SiteId(uuid4())
LEAST: dict[str, Any] = {"external_id": "1", "text": "Hello"}


def parse(**fields: object) -> Any:  # noqa: ANN401 - read freely
    return parse_fields(LEAST | fields, lambda ip: digest_ip(SETTINGS, SITE, ip))


def complaint(**fields: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(**fields)
    return str(caught.value)


def test_two_fields_are_enough() -> None:
    found = parse()
    assert (found.new.external_id, found.new.text, found.past) == ("1", "Hello", None)


def test_nested_dotted_and_flat_names_mean_the_same() -> None:
    wanted = (Author(id="7", name="Ada"), Thread(title="Budget"))
    for fields in (
        {"author": {"id": "7", "name": "Ada"}, "thread": {"title": "Budget"}},
        {"author.id": "7", "Author.Name": "Ada", "thread.title": "Budget"},
        {"author_id": 7, "author_name": "Ada", "thread_title": "Budget"},
    ):
        new = parse(**fields).new
        assert (new.author, new.thread) == wanted


def test_a_past_decision_is_read() -> None:
    past = parse(
        decision=" Reject ",
        decided_at="2019-05-04 10:00:00",
        decided_by="Bob",
        decision_reason="insult",
    ).past
    assert past.action is Action.REJECT
    assert past.decided_at == datetime(2019, 5, 4, 10, tzinfo=UTC)
    assert (past.decided_by, past.reason) == ("Bob", "insult")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31T12:00:00Z", 12),
        ("2026-01-31T12:00:00+02:00", 10),
        ("2026-01-31 12:00:00", 12),
        ("2026-01-31T12:00", 12),
    ],
)
def test_moments_without_a_zone_are_utc(written: str, meant: int) -> None:
    assert parse(created_at=written).new.created_at == datetime(2026, 1, 31, meant, tzinfo=UTC)


def test_an_address_is_kept_only_as_the_digest_that_the_intake_makes() -> None:
    new = parse(author_ip="192.0.2.7").new
    assert new.author.ip_digest == digest_ip(SETTINGS, SITE, "192.0.2.7")


def test_metadata_may_be_an_object_or_written_as_json() -> None:
    assert parse(metadata={"likes": 3}).new.metadata == {"likes": 3}
    assert parse(metadata='{"likes": 3}').new.metadata == {"likes": 3}


def test_empty_cells_are_nothing() -> None:
    empty = dict.fromkeys(FIELDS, "") | LEAST
    assert parse(**empty) == parse()


def test_what_is_wrong_is_said_of_every_field_and_never_quoted() -> None:
    said = complaint(external_id=None, text="x" * 20_001, decision="maybe", author_ip="canary")
    assert "external_id is missing" in said
    assert "text is longer than 20000 characters" in said
    assert "decision must be approve, flag or reject" in said
    assert "canary" not in said
    assert "maybe" not in said


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a\x00b"},
        {"text": "a\udcffb"},
        {"text": ["a"]},
        {"text": True},
        {"external_id": 1.5},
        {"created_at": 1_700_000_000},
        {"created_at": "yesterday"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"decided_at": "9999-12-31"},
        {"metadata": "[1]"},
        {"metadata": "{"},
        {"metadata": "[" * 100_000},
        {"metadata": {"deep": {"er": 1}}},
        {"metadata": {"nan": float("nan")}},
        {"author": {"name": {"first": "Ada"}}},
        {"external_id": 10**5000},
    ],
)
def test_whatever_stands_in_a_line_is_refused_in_words(fields: dict[str, object]) -> None:
    assert complaint(**fields)


def test_unknown_fields_are_named_and_nothing_else() -> None:
    assert unknown_fields({"text", "author", "author.id", "Author_Name", "karma"}) == {"karma"}


AGREED = [
    *(
        {"text": text}
        for text in ("", "x", "x" * 20_000, "x" * 20_001, "a\x00", "\N{GRINNING FACE}")
    ),
    *({"external_id": text} for text in ("", "x" * 255, "x" * 256)),
    *({"format": text} for text in ("plain", "html", "markdown")),
    *({"author": {"name": "n" * length}} for length in (255, 256)),
    *({"author": {"role": "n" * length}} for length in (64, 65)),
    *({"author": {"email_digest": text}} for text in ("a" * 32, "a" * 31, "g" * 32)),
    *({"author": {"url": "n" * length}} for length in (2048, 2049)),
    *({"author": {"ip": text}} for text in ("::1", "192.0.2.1", "192.0.2.256", "example.org")),
    *(
        {"author": {"created_at": text}}
        for text in ("2020-01-01T00:00:00Z", "1969-12-31T00:00:00Z")
    ),
    *({"thread": {"title": "n" * length}} for length in (1000, 1001)),
    *({"thread": {"section": "n" * length}} for length in (255, 256)),
    *(
        {"url": text}
        for text in ("https://a.example/b", "javascript:alert(1)", "https://a b", "http://")
    ),
    *({"language": text} for text in ("en", "pt-BR", "english language", "x")),
    *({"user_agent": "n" * length} for length in (1000, 1001)),
    *({"parent_external_id": "n" * length} for length in (255, 256)),
    *({"edited_at": text} for text in ("2020-01-01T00:00:00+01:00", "2200-01-01T00:00:00Z")),
    *(
        {"metadata": found}
        for found in (
            {"a": 1, "b": None, "c": True, "d": 0.5},
            {"": 1},
            {"a" * 64: 1},
            {"a" * 65: 1},
            {"a": "x" * 3000},
            {"a": 2**53},
            {"a": 2**53 + 1},
            {str(n): n for n in range(20)},
            {str(n): n for n in range(21)},
            {"a": [1]},
        )
    ),
]


@pytest.mark.parametrize("fields", AGREED, ids=lambda fields: str(fields)[:40])
def test_imports_and_intake_agree_on_what_a_comment_may_be(fields: dict[str, Any]) -> None:
    def taken_by_intake() -> bool:
        try:
            CommentInput.model_validate(LEAST | fields)
        except ValidationError:
            return False
        return True

    def taken_by_import() -> bool:
        try:
            parse(**fields)
        except InvalidInput:
            return False
        return True

    assert taken_by_import() == taken_by_intake()
