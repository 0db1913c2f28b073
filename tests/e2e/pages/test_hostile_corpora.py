"""Corpora of hostile texts, posted through the API and looked at on every page that shows comments.

COPYDESK_TEST_CORPUS names a file of yours, a list of strings in JSON, to be tried in the same way.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import brs_kb
import pytest
from playwright.sync_api import Page, expect

from api.dashboard.display import fold
from moderation.model.comments import Format
from moderation.model.labels import Label
from moderation.model.marks import Mark
from moderation.runtime import Runtime
from moderation.services.api_keys import add_key
from tests import hostile_texts
from tests.e2e.pages.conftest import Looker, Open
from tests.e2e.pages.hostile import BATCH, Hostile, comments_of
from tests.e2e.pages.reading import cards_on, shows, shows_lines
from tests.e2e.pages.serving import Served, served
from tests.factories import HOSTILE, classify_all, mark_words

pytestmark = pytest.mark.browser

FOLDED = 6_000
"""From so many characters on, the queue shows the beginning only."""
EXCERPT = 200

Posted = dict[str, Hostile]
"""What was posted, by the ids that the API gave."""


@pytest.fixture
def site(runtime: Runtime) -> Iterator[Served]:
    with served(runtime) as made:
        yield made


def payloads() -> list[str]:
    """Return the payloads of a knowledge base of cross-site scripting, each once."""
    found = {each["payload"] for each in brs_kb.get_all_payloads().values()}
    return sorted(text for text in found if "\0" not in text)


CORPORA = {
    "ours": (hostile_texts.ALL, 4, 1),
    "a knowledge base": (payloads(), 40, 8),
    "yours": (hostile_texts.from_a_file(), 4, 1),
}
"""Texts, how many of them stand in one comment, and of how many comments one has its page seen.

Texts also stand alone in fields, as many as there are; the queue and Comments are seen whole.
"""


@pytest.mark.parametrize("corpus", [name for name, (texts, *_) in CORPORA.items() if texts])
def test_hostile_texts_are_shown_whole_and_can_do_nothing(
    site: Served, look_at: Open, corpus: str
) -> None:
    texts, together, step = CORPORA[corpus]
    posted = post(site, [*comments_of(texts, together)])
    look_everywhere(site, posted, look_at(site), step)


def test_the_knowledge_base_is_a_large_one() -> None:
    assert len(CORPORA["a knowledge base"][0]) > 4_000


def post(site: Served, comments: Sequence[Hostile]) -> Posted:
    """Post everything in batches and have it flagged, with words marked in it."""
    key = add_key(site.runtime, "agora", "tests")
    posted: Posted = {}
    for start in range(0, len(comments), BATCH):
        batch = comments[start : start + BATCH]
        sent = {"comments": [comment.sent for comment in batch]}
        results = site.post("/v1/comments/batch", sent, key)["results"]
        for comment, result in zip(batch, results, strict=True):
            assert result["status"] == 202, (comment, result)
            posted[result["comment"]["id"]] = comment
    classify_all(site.runtime, HOSTILE)
    mark_words(site.runtime, [Mark(at, at + 3, Label.INSULT, 0.97) for at in range(0, 700, 7)])
    return posted


def look_everywhere(site: Served, posted: Posted, looker: Looker, step: int) -> None:
    page = looker.page
    page.set_viewport_size({"width": 320, "height": 800})
    assert_all_is_there(looker, f"{site.base_url}/queue", posted, partial(is_on_a_card, posted))
    assert_all_is_there(looker, f"{site.base_url}/comments", posted, partial(is_a_row, posted))
    for comment_id in [*posted][::step]:
        page.goto(f"{site.base_url}/comments/{comment_id}")
        [card] = cards_on(page)
        assert has_its_own_page(posted, card), posted[comment_id]
        assert looker.watch.inspect(page) == [], posted[comment_id]
    decide_some(page, site)
    assert looker.watch.inspect(page) == []


def assert_all_is_there(
    looker: Looker, address: str, posted: Posted, is_shown: Callable[[dict[str, Any]], bool]
) -> None:
    """Turn the pages of a list over: each comment is on one of them, and shown."""
    page, seen = looker.page, []
    page.goto(address)
    while True:
        for card in cards_on(page):
            assert is_shown(card), (card, posted[card["id"]])
            assert card["height"] > 0
            assert not card["broken"]
            seen.append(card["id"])
        assert looker.watch.inspect(page) == [], page.url
        further = page.locator("a[rel=next]")
        if not further.count():
            break
        page.goto(str(further.evaluate("link => link.href")))
    assert sorted(seen) == sorted(posted)


def is_on_a_card(posted: Posted, card: dict[str, Any]) -> bool:
    comment = posted[card["id"]]
    head, tail = fold(comment.as_read)
    said = head if tail and len(comment.as_read) > FOLDED else comment.as_read
    return shows_lines(card["said"], said) and has_its_head(comment, card)


def has_its_head(comment: Hostile, card: dict[str, Any]) -> bool:
    """Say whether author, role, thread, section and the comment it answers are shown."""
    given = comment.fields
    return (
        shows(card["author"], given.get("Author") or given.get("Author id", ""))
        and shows(card["role"], given.get("Role", ""))
        and all(
            any(shows(pieces, given[title]) for pieces in card["where"])
            for title in ("Section", "Thread", "Reply to")
            if title in given
        )
    )


def is_a_row(posted: Posted, card: dict[str, Any]) -> bool:
    said = posted[card["id"]].as_read.replace("\r\n", " ").replace("\n", " ")
    return shows(card["said"], said[:EXCERPT])


def has_its_own_page(posted: Posted, card: dict[str, Any]) -> bool:
    comment = posted[card["id"]]
    source = comment.text if comment.written is Format.HTML else ""
    return (
        shows_lines(card["said"], comment.as_read)
        and shows_lines(card["source"], source)
        and has_its_head(comment, card)
        and all(
            shows(card["details"].get(title), value)
            for title, value in comment.fields.items()
            if title not in ("Author", "Role")
        )
    )


def decide_some(page: Page, site: Served) -> None:
    """Approve the first comments: what is shown then is made of a document parsed by our script."""
    page.goto(f"{site.base_url}/queue")
    for _ in range(3):
        first = str(page.locator(".card").first.get_attribute("id"))
        page.locator(".card [data-key=a]").first.click()
        expect(page.locator(f"#{first}")).to_have_count(0)
        expect(page.locator(".banner.decided")).to_be_visible()
