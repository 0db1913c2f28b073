"""Analysed comments enter moderation where their site wants that, and only where they may."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from moderation.model.comments import Comment, Status, digest_text
from moderation.model.ids import SiteId
from moderation.runtime import Runtime
from moderation.services.erasure import erase
from moderation.services.sites import change_site, find_site
from moderation.storage.comments import comments, to_comment
from moderation.storage.jobs import jobs
from tests.applications import application
from tests.factories import INSULT
from tests.integration.perspective.conftest import PATH, Analyze
from tests.servers import free_port

SPANISH = "Te voy a matar, hijo de puta, ya sé dónde vives."


@pytest.fixture
def site_id(runtime: Runtime, key: str) -> SiteId:
    del key
    return change_site(runtime, "agora", moderate_analysed=True).id


@pytest.fixture
def entered(runtime: Runtime, site_id: SiteId) -> Callable[[], list[Comment]]:
    """Return the comments of the site, each of which has a job."""

    def read() -> list[Comment]:
        with runtime.reading() as connection:
            found = connection.execute(select(comments).order_by(comments.c.id))
            made = [to_comment(row) for row in found]
            queued: list[Any] = list(connection.execute(select(jobs.c.comment_id)).scalars())
        assert {one.id for one in made} == set(queued)
        assert {one.site_id for one in made} <= {site_id}
        return made

    return read


def test_a_site_says_so_and_otherwise_nothing_enters(analyze: Analyze, runtime: Runtime) -> None:
    assert find_site(runtime, "agora").moderate_analysed is False
    assert analyze(INSULT, clientToken="c1").status_code == 200
    with runtime.reading() as connection:
        assert connection.execute(select(comments)).all() == []
    assert change_site(runtime, "agora", moderate_analysed=True).moderate_analysed
    assert not change_site(runtime, "agora", moderate_analysed=False).moderate_analysed


def test_an_analysed_comment_is_a_comment_of_the_site(
    analyze: Analyze, entered: Callable[[], list[Comment]]
) -> None:
    comment = {"text": f"<b>{INSULT}</b>", "type": "HTML"}
    answer = analyze("", comment=comment, clientToken="c1", languages=["en-GB"])
    assert answer.status_code == 200
    [made] = entered()
    assert (made.external_id, made.text, made.format) == ("c1", comment["text"], "html")
    assert (made.status, made.language) == (Status.PENDING, "en")


def test_without_a_token_the_text_makes_the_id(
    analyze: Analyze, entered: Callable[[], list[Comment]]
) -> None:
    for _ in range(2):
        analyze(INSULT)
    analyze("Another one.", clientToken="x" * 256)
    assert [one.external_id for one in entered()] == [
        f"analysed:{digest_text(INSULT)}",
        f"analysed:{digest_text('Another one.')}",
    ]


def test_another_text_under_the_same_token_is_a_revision(
    analyze: Analyze, entered: Callable[[], list[Comment]]
) -> None:
    for text in (INSULT, INSULT, "I take it back."):
        analyze(text, clientToken="c1")
    [made] = entered()
    assert (made.text, made.revision) == ("I take it back.", 2)


def test_what_may_not_be_stored_does_not_enter(
    analyze: Analyze, entered: Callable[[], list[Comment]]
) -> None:
    assert analyze(INSULT, doNotStore=True).status_code == 200
    assert analyze(INSULT, requestedAttributes={"SPAM": {}}).status_code == 400
    assert entered() == []


def test_what_cannot_be_scored_enters_all_the_same(
    analyze: Analyze, entered: Callable[[], list[Comment]]
) -> None:
    assert analyze(SPANISH).status_code == 400
    assert [one.text for one in entered()] == [SPANISH]


def test_so_does_what_nobody_scores_now(
    runtime: Runtime, key: str, entered: Callable[[], list[Comment]]
) -> None:
    nowhere = {"scoring_url": f"http://127.0.0.1:{free_port()}"}
    settings = runtime.settings.model_copy(update=nowhere)
    body = {"comment": {"text": INSULT}, "requestedAttributes": {"TOXICITY": {}}}
    with application(replace(runtime, settings=settings)) as app:
        assert app.test_client().post(f"{PATH}?key={key}", json=body).status_code == 503
    assert [one.text for one in entered()] == [INSULT]


def test_a_withdrawn_comment_is_scored_and_stays_erased(
    analyze: Analyze,
    runtime: Runtime,
    site_id: SiteId,
    entered: Callable[[], list[Comment]],
) -> None:
    analyze(INSULT, clientToken="c1")
    erase(runtime, site_id, entered()[0].id)
    assert analyze(INSULT, clientToken="c1").status_code == 200
    assert [one.text for one in entered()] == [None]


@pytest.mark.parametrize("text", ["a\0b", "\u202e\U0001f600", "x" * 20_480])
def test_whatever_is_taken_can_be_stored(
    analyze: Analyze, entered: Callable[[], list[Comment]], text: str
) -> None:
    assert analyze(text, clientToken="\0").status_code == 200
    [made] = entered()
    assert (made.external_id, made.text) == ("\ufffd", text.replace("\0", "\ufffd"))
