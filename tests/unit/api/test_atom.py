"""Atom documents: any reader can parse them, and sees only what stands there."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from api.notifications.atom import document
from moderation.model.ids import CommentId, ReviewId, UserId, new_uuid
from moderation.model.people import Role, User
from moderation.model.plain import plain
from moderation.model.reviews import Cause
from moderation.services.notifications import Feed
from moderation.services.waiting_list import MOST_TEXT, WaitingComment
from tests.hostile_texts import ALL

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))


def feed(*texts: str) -> Feed:
    listed = (
        WaitingComment(
            review_id=ReviewId(new_uuid()),
            comment_id=CommentId(new_uuid()),
            site=text,
            causes=Cause.THREAT | Cause.REPORT,
            opened_at=NOW,
            text=plain(text, MOST_TEXT),
        )
        for text in texts
    )
    user = User(UserId(new_uuid()), "a@example.org", "Alice", Role.MODERATOR, frozenset())
    return Feed(user, NOW, tuple(listed))


def test_an_empty_feed_is_one_too() -> None:
    root = ET.fromstring(document(feed(), "https://desk.example"))  # noqa: S314 - our own
    assert root.findtext(f"{ATOM}updated") == "2026-11-02T09:00:00Z"
    assert root.findall(f"{ATOM}entry") == []


@pytest.mark.parametrize("text", [*ALL, "<b>&amp;]]>", "a\0\x0b\x1b[31m\ufffe\ud800"])
def test_no_text_breaks_a_feed_or_hides_in_it(text: str) -> None:
    written = document(feed(text, "Agora"), "https://desk.example")
    root = ET.fromstring(written)  # noqa: S314 - our own
    hostile, other = root.findall(f"{ATOM}entry")
    assert {child.tag.removeprefix(ATOM) for child in hostile} == {
        *("id", "title", "updated", "link", "content")
    }
    for child in (hostile.find(f"{ATOM}title"), hostile.find(f"{ATOM}content")):
        assert child is not None
        assert list(child) == []
        assert (child.text or "").translate(JOINERS).isprintable()
    assert other.findtext(f"{ATOM}title") == "Agora: threat, reported by readers"
