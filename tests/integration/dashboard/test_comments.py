"""The list of all comments, and searching it."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from moderation.model.comments import Author, Thread
from moderation.model.decisions import Action
from moderation.runtime import Runtime
from moderation.services.desk import COMMENTS_PAGE
from moderation.services.erasure import erase
from moderation.services.moderating import decide_comment
from moderation.storage.classifications import classifications
from tests.factories import Agora, classify_all, flagged_comment, submit
from tests.integration.dashboard.conftest import Browser


def found(page: str) -> list[str]:
    return re.findall(
        r'<p class="excerpt">\s*<a href="/comments/[^"]+"><bdi dir="auto">([^<]*)', page
    )


@pytest.fixture
def some_comments(runtime: Runtime, agora: Agora) -> None:
    for text, author, thread in (
        ("Fifty percent", "Ines", "Trams"),
        ("50% of all", "Karim_1", "Trams"),
        ("500 of all", "Karim21", "Ferries"),
        ("under_score", "Lotte", "Ferries"),
    ):
        fields = {"author": Author(id=f"id-{author}", name=author), "thread": Thread(title=thread)}
        submit(runtime, agora.site_id, text, text=text, **fields)
    classify_all(runtime)
    submit(runtime, agora.other_site_id, "theirs", text="of all other sites")


@pytest.mark.usefixtures("some_comments")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["under_score", "500 of all", "50% of all", "Fifty percent"]),
        ("text=of+all", ["500 of all", "50% of all"]),
        ("text=50%25", ["50% of all"]),
        ("text=fift", ["Fifty percent"]),
        ("text=fif", []),
        ("text=ifty", []),
        ("text=under_score", ["under_score"]),
        ("text=FIFTY", ["Fifty percent"]),
        ("text=\\", []),
        ("text=%00fifty", ["Fifty percent"]),
        ("text='+OR+1=1", []),
        ("author=karim", ["500 of all", "50% of all"]),
        ("author=karim_1", ["50% of all"]),
        ("author=ID-INES", ["Fifty percent"]),
        ("thread=ferr", ["under_score", "500 of all"]),
        ("thread=ferr&text=score", ["under_score"]),
        ("status=approved", ["under_score", "500 of all", "50% of all", "Fifty percent"]),
        ("status=rejected", []),
        ("site=", ["under_score", "500 of all", "50% of all", "Fifty percent"]),
    ],
)
def test_a_search_finds_words_and_the_beginnings_of_longer_ones(
    alice: Browser, query: str, expected: list[str]
) -> None:
    assert found(alice.get(f"/comments?{query}").text) == expected


@pytest.mark.parametrize("query", ["status=lost", "text=" + "x" * 201])
def test_a_search_that_makes_no_sense_is_refused(alice: Browser, query: str) -> None:
    alice.get(f"/comments?{query}", 422)


def test_the_list_is_walked_to_its_end_without_gap_or_repeat(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    total = 2 * COMMENTS_PAGE + 3
    for n in range(total):
        submit(runtime, agora.site_id, f"c{n}", text=f"number {n}")
    classify_all(runtime)
    seen, path = [], "/comments?text=number"
    while path:
        page = alice.get(path).text
        seen += found(page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert sorted(seen) == sorted(f"number {n}" for n in range(total))


def test_a_row_says_where_the_comment_stands_and_who_said_so(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    decide_comment(runtime, agora.olga, comment_id, Action.REJECT, seen=1)
    page = alice.get("/comments").text
    assert '<span class="status rejected">Rejected</span>' in page
    assert 'by <bdi dir="auto">Olga</bdi>' in page


def test_under_all_sites_each_comment_names_its_own(
    runtime: Runtime, agora: Agora, ines: Browser
) -> None:
    submit(runtime, agora.site_id)
    submit(runtime, agora.other_site_id)
    page = ines.get("/comments").text
    assert page.count("<span>Agora</span>") == page.count("<span>Boule</span>") == 1
    assert "<span>Boule</span>" not in ines.get("/comments?site=boule").text


def test_an_old_comment_shows_when_it_was_written(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    written = datetime(2024, 2, 3, tzinfo=UTC)
    comment_id = submit(runtime, agora.site_id, created_at=written).comment_id
    for path in ("/comments", f"/comments/{comment_id}"):
        assert f'<time datetime="{written.isoformat()}"' in alice.get(path).text


def test_nobody_decided_on_an_erased_comment(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = flagged_comment(runtime, agora.site_id)
    assert "by <bdi" in alice.get("/comments").text
    erase(runtime, agora.site_id, comment_id)
    page = alice.get("/comments").text
    assert "Erased" in page
    assert "by <bdi" not in page


def test_a_comment_s_page_names_the_language_that_it_counts_as(
    runtime: Runtime, agora: Agora, alice: Browser
) -> None:
    comment_id = submit(runtime, agora.site_id, language="en-GB").comment_id
    classify_all(runtime)
    with runtime.transaction() as connection:
        connection.execute(update(classifications).values(language="es"))
    page = alice.get(f"/comments/{comment_id}").text
    assert re.search(r"Language, as the site says</dt><dd><bdi[^>]*>en-GB", page)
    assert re.search(r"Language, as judged</dt><dd><bdi[^>]*>Spanish", page)
