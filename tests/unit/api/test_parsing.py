"""Requests become values, and errors point at the place."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.v1.comment_input import CommentInput
from api.v1.field_types import MAX_METADATA_BYTES
from api.v1.paging import PageQuery
from api.v1.parsing import check, read_json, read_query
from moderation.model.comments import Author, Format, NewComment
from moderation.model.errors import InvalidInput
from moderation.model.ids import SiteId, new_uuid
from moderation.settings import Settings
from tests.runtimes import SECRET

APP = Flask(__name__)
GOOD = {"external_id": "c1", "text": "Good morning."}
SITE = SiteId(new_uuid())


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key=SECRET)  # type: ignore[arg-type]


def pointers(**fields: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        check(CommentInput, GOOD | fields)
    return [error.pointer for error in caught.value.errors]


def details(**fields: object) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        check(CommentInput, GOOD | fields)
    return [error.detail for error in caught.value.errors]


def read(body: bytes, content_type: str = "application/json") -> object:
    with APP.test_request_context(method="POST", data=body, content_type=content_type):
        return read_json()


def query(given: str) -> Any:  # noqa: ANN401 - whatever the query says
    with APP.test_request_context(f"/?{given}"):
        return read_query(PageQuery)


def test_two_fields_are_enough(settings: Settings) -> None:
    new = check(CommentInput, GOOD).to_new(settings, SITE)
    assert new == NewComment("c1", "Good morning.")
    assert new.format is Format.PLAIN


def test_a_missing_field_is_said_in_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        check(CommentInput, {"external_id": "c1"})
    assert [(one.pointer, one.detail) for one in caught.value.errors] == [
        ("/text", "this field is required")
    ]


def test_empty_optional_texts_count_as_not_given(settings: Settings) -> None:
    fields = {
        "url": "",
        "language": "",
        "user_agent": "",
        "author": {"id": "", "name": "", "role": "", "url": "", "ip": "", "email_digest": ""},
        "thread": {"id": "", "url": "", "title": "", "section": ""},
    }
    new = check(CommentInput, GOOD | fields).to_new(settings, SITE)
    assert new == NewComment("c1", "Good morning.")


def test_an_address_is_not_kept(settings: Settings) -> None:
    value = check(CommentInput, GOOD | {"author": {"ip": "192.0.2.7"}})
    author = value.to_new(settings, SITE).author
    assert author == Author(ip_digest=author.ip_digest)
    assert len(author.ip_digest or "") == 64
    assert "192.0" not in repr(author)


@pytest.mark.parametrize(
    "moment",
    [
        "1970-01-01T00:00:00Z",
        "2199-12-31T23:59:59.999999999Z",
        "2026-11-02t08:00:00z",
        "2026-11-02 08:00+02:00",
    ],
)
def test_moments_may_be_written_in_several_ways(moment: str) -> None:
    assert check(CommentInput, GOOD | {"created_at": moment}).created_at is not None


def test_a_pointer_leads_to_the_wrong_place() -> None:
    assert pointers(author={"name": 1}, metadata={"a/b~": []}) == [
        "/author/name",
        "/metadata/a~1b~0",
    ]


def test_a_detail_says_what_would_be_right() -> None:
    assert details(created_at="2026-11-02T08:00:00") == [
        "it needs its time zone: Z, or an offset such as +02:00"
    ]
    assert details(text="a\0") == ["it must not hold the character NUL (U+0000)"]
    assert details(txt="a") == ["there is no such field"]
    assert details(url="ftp://x") == ["it must begin with http:// or https:// and hold no spaces"]


def test_metadata_may_be_just_as_long_as_it_says() -> None:
    fits = {"a": "x" * (MAX_METADATA_BYTES - len('{"a":""}'))}
    assert check(CommentInput, GOOD | {"metadata": fits}).metadata == fits
    assert pointers(metadata={"ab": fits["a"]}) == ["/metadata"]


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 300, b'"\\ud800"', b"\xff", b"NaN", b"{} {}"])
def test_what_is_no_json_is_refused_with_its_place(body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"not valid JSON: .+ at line 1 column \d+"):
        read(body)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/x+json"])
def test_json_may_be_called_so_in_several_ways(content_type: str) -> None:
    assert read(b'{"a": "\\ud83d\\ude00"}', content_type) == {"a": "\U0001f600"}


def test_other_media_types_are_refused() -> None:
    with pytest.raises(UnsupportedMediaType):
        read(b"{}", "text/json")


def test_a_query_has_defaults() -> None:
    assert query("") == PageQuery(after="0", limit=100)
    assert query("after=7&limit=500") == PageQuery(after="7", limit=500)


@pytest.mark.parametrize("given", ["after=1&after=1", "x=1", "limit=501", "after=0x1"])
def test_a_senseless_query_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput):
        query(given)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], {"next": "7", "has_more": False}),
        ([8, 9], {"next": "9", "has_more": False}),
        ([8, 9, 11], {"next": "9", "has_more": True}),
    ],
)
def test_a_page_says_where_the_next_one_begins(places: list[int], expected: object) -> None:
    page = PageQuery(after="007", limit=2)
    assert page.one_more == 3
    assert page.next_page(places) == expected
